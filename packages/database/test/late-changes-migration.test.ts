import { expect, test } from '@jest/globals';
import { scheduleOffsetMs } from '@trackly-tune/database';
import { AN_INTEGRATION, openDatabaseBefore } from './database-before.js';

const OWN = '0009_late_changes_and_backfills.sql';
const DAY_MS = 86_400_000;
const IDS = [2, 3, 7, 41, 1_000, 65_537, 9_007_199_254_740_993n];

test('each integration that pulls gets a pass for late changes, at the time of the day that new ones get', async () => {
  const database = await openDatabaseBefore(OWN);
  try {
    await database.ask(AN_INTEGRATION);
    await database.ask(`INSERT INTO integrations SELECT (jsonb_populate_record(i, jsonb_build_object('id', n,
        'affiliate_id', 'a' || n))).* FROM integrations i, unnest('{${IDS.join()}}'::bigint[]) n;
      INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
        SELECT id, 'conversions', id % 2 = 1, 3600000, now(), now() FROM integrations WHERE id > 1;
      INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
        VALUES (1, 'offers', true, 3600000, now(), now());
      INSERT INTO sync_runs (integration_id, kind, trigger) VALUES (2, 'conversions', 'schedule')`);
    const before = Date.now();
    await database.apply(OWN);
    const after = Date.now();
    const rows = await database.ask<{ id: string; enabled: boolean; every_ms: number; next_at: Date }>(
      `SELECT integration_id::text AS id, enabled, every_ms, next_at FROM sync_schedules WHERE kind = 'changes' ORDER BY integration_id`,
    );
    expect(rows.map(({ id, enabled, every_ms }) => ({ id, enabled, every_ms }))).toEqual(
      IDS.map((id) => ({ id: String(id), enabled: BigInt(id) % 2n === 1n, every_ms: DAY_MS })),
    );
    for (const { id, next_at: nextAt } of rows) {
      const at = nextAt.getTime() - scheduleOffsetMs(BigInt(id), DAY_MS);
      expect(at).toBeGreaterThanOrEqual(before - 1);
      expect(at).toBeLessThanOrEqual(after + 1);
    }
    const kept = `SELECT kind, count(*)::int AS count FROM sync_schedules GROUP BY kind ORDER BY kind`;
    expect(await database.ask(kept)).toEqual([
      { kind: 'changes', count: IDS.length },
      { kind: 'conversions', count: IDS.length },
      { kind: 'offers', count: 1 },
    ]);
    expect(await database.ask('SELECT status, plan_next FROM sync_runs')).toEqual([
      { status: 'queued', plan_next: null },
    ]);
  } finally {
    await database.drop();
  }
});
