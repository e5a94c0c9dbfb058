import type pg from 'pg';

/** Where PostgreSQL's log of changes ends: the difference of two is what was written between them, in bytes. */
export async function walPosition(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ at: string }>(`SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS at`);
  return Number(rows[0]?.at ?? 0);
}

/** Lets housekeeping happen now, so that it does not fall into what is measured next. */
export async function settleDown(db: pg.Pool): Promise<void> {
  await db.query('VACUUM ANALYZE');
  await db.query('CHECKPOINT');
}
