import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

/** A click window may end so many days before the clicks of its beginning are dropped: reports come late. */
export const WINDOW_MARGIN_DAYS = 30;

/** The longest click window that is kept whole, in days; at least 1. */
export const longestWindow = (clicksDays: number): number => Math.max(1, clicksDays - WINDOW_MARGIN_DAYS);

/** An account whose clicks are kept longer than `RETENTION_CLICKS_DAYS`, since a window of its asks for it. */
export interface LongWindow {
  readonly accountId: string;
  /** The longest click window of its integrations and offers. */
  readonly windowDays: number;
}

/** Accounts with a window that was set before retention was as short as it is. */
export async function readLongWindows(db: Database, clicksDays: number): Promise<LongWindow[]> {
  const { rows } = await sql<LongWindow>`
    SELECT account_id AS "accountId", max(days)::int AS "windowDays" FROM (
      SELECT i.account_id, s.click_window_days AS days FROM integrations i
      JOIN integration_settings s ON s.integration_id = i.id AND s.version = i.settings_version
      UNION ALL
      SELECT i.account_id, o.click_window_days FROM offers o JOIN integrations i ON i.id = o.integration_id
      WHERE o.click_window_days IS NOT NULL
    ) w WHERE days > ${longestWindow(clicksDays)} GROUP BY account_id ORDER BY account_id`.execute(db);
  return rows;
}
