import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../connection/connection.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of the integration log. */
export interface LogRow {
  readonly id: bigint;
  readonly at: Date;
  readonly level: LogLevel;
  readonly code: string;
  readonly message: string;
  readonly run_id: bigint | null;
  readonly context: unknown;
}

/** Lines of an integration in the order in which they were written, behind `after` (exclusive). One statement. */
export async function readIntegrationLog(
  db: Database,
  filter: { integrationId: bigint; level?: LogLevel | undefined; runId?: bigint | undefined },
  page: { after: bigint; limit: number },
): Promise<LogRow[]> {
  const conditions: RawBuilder<unknown>[] = [sql`integration_id = ${filter.integrationId}`, sql`id > ${page.after}`];
  if (filter.level !== undefined) conditions.push(sql`level = ${filter.level}`);
  if (filter.runId !== undefined) conditions.push(sql`run_id = ${filter.runId}`);
  const { rows } = await sql<LogRow>`
    SELECT id, at, level, code, message, run_id, context FROM integration_log
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY id LIMIT ${page.limit}`.execute(db);
  return rows;
}
