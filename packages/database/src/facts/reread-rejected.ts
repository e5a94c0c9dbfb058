import { sql } from 'kysely';
import type { ReportRow } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';

/** What decides how the rows of an integration are read, besides the rules of this version of the product. */
export interface ReadingSettings {
  readonly integrationId: bigint;
  readonly accountId: string;
  readonly affiliateId: string;
  readonly settingsVersion: number;
  readonly defaultCurrency: string;
  readonly severalCurrencies: boolean;
}

/** A kept row that was last read under other rules or settings. */
export interface KeptRow {
  readonly id: bigint;
  readonly runId: bigint | null;
  /** When it was asked for, by PostgreSQL's clock, to the microsecond. */
  readonly observedAt: string;
  readonly raw: ReportRow;
}

/** Rules and settings as one text, as it is kept with a row. */
const under = (rules: string) =>
  sql`concat_ws('/', ${rules}::text, i.affiliate_id, st.default_currency, coalesce(t.several_currencies, false))`;

const WITH_SETTINGS = sql`JOIN integrations i ON i.id = u.integration_id
  JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
  LEFT JOIN network_traits t ON t.integration_id = i.id`;

/** Integrations with rows that could not be read and were last read under other rules or settings than today's. */
export async function integrationsToReread(db: Database, rules: string): Promise<ReadingSettings[]> {
  const { rows } = await sql<ReadingSettings>`
    SELECT DISTINCT i.id AS "integrationId", i.account_id AS "accountId", i.affiliate_id AS "affiliateId",
      st.version AS "settingsVersion", st.default_currency AS "defaultCurrency",
      coalesce(t.several_currencies, false) AS "severalCurrencies"
    FROM unreadable_rows u ${WITH_SETTINGS}
    WHERE u.read_at IS NULL AND i.deleted_at IS NULL AND u.read_under IS DISTINCT FROM ${under(rules)}
    ORDER BY i.id`.execute(db);
  return rows;
}

/** Some of those rows of an integration, the ones seen first in front; locked until the transaction ends. */
export async function claimRowsToReread(
  tx: Tx,
  wanted: { integrationId: bigint; rules: string; rowsMax: number },
): Promise<KeptRow[]> {
  const { integrationId, rules, rowsMax } = wanted;
  const { rows } = await sql<KeptRow>`
    SELECT u.id, u.run_id AS "runId", u.observed_at::text AS "observedAt", u.raw
    FROM unreadable_rows u ${WITH_SETTINGS}
    WHERE u.integration_id = ${integrationId} AND u.read_at IS NULL AND u.read_under IS DISTINCT FROM ${under(rules)}
    ORDER BY u.id LIMIT ${rowsMax} FOR UPDATE OF u SKIP LOCKED`.execute(tx);
  return rows;
}

/** Says under which rules and settings rows were read again, and which of them could be read now. */
export async function markReread(
  tx: Tx,
  reread: { rules: string; ids: readonly bigint[]; readIds: readonly bigint[] },
): Promise<void> {
  await sql`
    UPDATE unreadable_rows r SET read_under = ${under(reread.rules)},
      read_at = CASE WHEN u.id = ANY(${[...reread.readIds]}::bigint[]) THEN clock_timestamp() END
    FROM unreadable_rows u ${WITH_SETTINGS}
    WHERE u.id = ANY(${[...reread.ids]}::bigint[]) AND r.id = u.id`.execute(tx);
}
