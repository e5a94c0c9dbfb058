import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/**
 * Says in the integration's log that conversions came for offers that nobody imported, once a day per offer: one
 * statement for all offers of a page. Their revenue is booked all the same.
 */
export async function noteUnimported(
  tx: Tx,
  page: { integrationId: bigint; runId: bigint | null; externalOfferIds: readonly string[] },
): Promise<void> {
  const ids = [...new Set(page.externalOfferIds)].sort();
  if (ids.length === 0) return;
  await sql`
    WITH missing AS (
      SELECT k.id FROM unnest(${ids}::text[]) AS k(id)
      -- The books know an offer that the network does not by our own id.
      WHERE k.id !~ '^ofr_' AND NOT EXISTS (SELECT 1 FROM offers o
          WHERE o.integration_id = ${page.integrationId} AND o.external_id = k.id)
        AND NOT EXISTS (SELECT 1 FROM unimported_offer_days d
          WHERE d.integration_id = ${page.integrationId} AND d.external_offer_id = k.id AND d.day = current_date)
    ), noted AS (
      INSERT INTO unimported_offer_days (integration_id, external_offer_id, day)
      SELECT ${page.integrationId}, id, current_date FROM missing ORDER BY id COLLATE "C"
      ON CONFLICT DO NOTHING
      RETURNING external_offer_id
    )
    INSERT INTO integration_log (integration_id, run_id, level, code, message, context)
    SELECT ${page.integrationId}, ${page.runId}, 'warn', 'offer_not_imported',
      'Conversions came for offer ' || external_offer_id || ', which is not imported; their revenue is booked for it all the same',
      jsonb_build_object('external_id', external_offer_id)
    FROM noted ORDER BY external_offer_id`.execute(tx);
}
