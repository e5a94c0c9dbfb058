import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';

const OFFERS_MAX = 1_000;

/**
 * Offers whose expiration has come since the last sync. A status that a person wrote, or that the rules take at the
 * import only or never, is not the network's to end. Those of deleted integrations end too: it is a matter of time.
 */
const HAS_COME = sql`i.id = o.integration_id AND o.expires_at <= now() AND o.status IN ('active', 'paused')
  AND NOT 'status' = ANY (o.edited_fields)
  AND coalesce(i.offer_field_rules ->> 'status', 'always') NOT IN ('first', 'never')`;
const UNPARKED = notParked('offer_expiry', 'o.id');

/**
 * Makes offers `expired` whose expiration came between two syncs, with their history, at most a thousand at a time.
 * Whoever is being changed by somebody else is left for the next time. Returns how many.
 *
 * @param only these offers, parked or not; by default all that are not parked
 */
export async function expireOffers(db: Database, only: readonly bigint[] | null = null): Promise<number> {
  const wanted = only === null ? UNPARKED : sql`o.id = ANY(${only}::bigint[])`;
  const { rows } = await sql`
    WITH due AS (
      SELECT o.id, o.status FROM offers o, integrations i WHERE ${HAS_COME} AND ${wanted}
      ORDER BY o.id LIMIT ${OFFERS_MAX} FOR UPDATE OF o SKIP LOCKED
    ), expired AS (
      UPDATE offers o SET status = 'expired', updated_at = now() FROM due WHERE o.id = due.id
      RETURNING o.id, due.status AS before
    )
    INSERT INTO offer_changes (offer_id, cause, changes)
    SELECT id, 'expired', jsonb_build_object('status', jsonb_build_object('before', before, 'after', 'expired'))
    FROM expired ORDER BY id
    RETURNING 1`.execute(db);
  return rows.length;
}

/** The offers that `expireOffers` would take. */
export async function nextExpiredOffers(db: Database): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT o.id, i.account_id AS "accountId", o.integration_id AS "integrationId"
    FROM offers o, integrations i WHERE ${HAS_COME} AND ${UNPARKED} ORDER BY o.id LIMIT ${OFFERS_MAX}`.execute(db);
  return rows;
}
