import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** Remembers what a pull learnt of a network; writes only what is new. */
export async function learnTraits(
  db: Database | Tx,
  integrationId: bigint,
  learnt: { refusedFields: readonly string[]; severalCurrencies: boolean },
): Promise<void> {
  await sql`
    INSERT INTO network_traits AS t (integration_id, refused_fields, refused_at, several_currencies)
    VALUES (${integrationId}, ${[...learnt.refusedFields].sort()}::text[], clock_timestamp(), ${learnt.severalCurrencies})
    ON CONFLICT (integration_id) DO UPDATE SET
      refused_fields = excluded.refused_fields, refused_at = excluded.refused_at,
      several_currencies = t.several_currencies OR excluded.several_currencies
    WHERE t.refused_fields IS DISTINCT FROM excluded.refused_fields
      OR (excluded.several_currencies AND NOT t.several_currencies)`.execute(db);
}

/**
 * True when a network is known to run several currencies: a pull has seen it, or the offers of its catalogue have others
 * than the integration's own.
 */
export async function knowsSeveralCurrencies(
  db: Database,
  integrationId: bigint,
  defaultCurrency: string,
): Promise<boolean> {
  const { rows } = await sql<{ several: boolean }>`
    SELECT EXISTS (SELECT 1 FROM network_traits WHERE integration_id = ${integrationId} AND several_currencies)
      OR (SELECT count(DISTINCT currency) > 1 FROM (
        SELECT currency FROM catalogue_offers WHERE integration_id = ${integrationId} AND currency <> ''
        UNION SELECT ${defaultCurrency}) AS offered) AS several`.execute(db);
  return rows[0]?.several ?? false;
}
