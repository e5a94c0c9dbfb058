import { sql } from 'kysely';
import type { CatalogueOffer } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { contentHash } from '../connection/content-hash.js';
import { recordset } from '../connection/recordset.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';

export interface StoredCataloguePage {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

const COLUMNS = `external_id text, name text, tune_status text, offer_url text, default_payout_e5 bigint,
  percent_payout_e5 bigint, payout_type text, currency text, advertiser_id text, advertiser_name text,
  expiration_date text, expires_at timestamptz, is_expired boolean, hash text`;

function recordOf(offer: CatalogueOffer) {
  const row = {
    external_id: offer.externalId,
    name: offer.name ?? '',
    tune_status: offer.tuneStatus,
    offer_url: offer.offerUrl,
    default_payout_e5: offer.defaultPayout,
    percent_payout_e5: offer.percentPayout,
    payout_type: offer.payoutType,
    currency: offer.currency,
    advertiser_id: offer.advertiserId,
    advertiser_name: offer.advertiserName,
  };
  const { expirationDate, isExpired } = offer;
  const expiration = {
    expiration_date: expirationDate,
    expires_at: offer.expiresAt?.toISOString() ?? null,
    is_expired: isExpired,
  };
  // Most offers never expire: they keep the hash that they had before expirations were read, and are not written again.
  const said = expirationDate === null && !isExpired ? row : { ...row, ...expiration };
  const amounts = {
    default_payout_e5: offer.defaultPayout?.toString() ?? null,
    percent_payout_e5: offer.percentPayout?.toString() ?? null,
  };
  return { ...row, ...expiration, hash: contentHash({ ...said, ...amounts }) };
}

/** Active by TUNE's word and not over: what auto-import waits for. */
const IS_ACTIVE = sql.raw(`lower(r.tune_status COLLATE "C") = 'active' AND NOT r.is_expired
  AND coalesce(r.expires_at > now(), true)`);

async function readHashes(tx: Tx, integrationId: bigint, ids: readonly string[]) {
  const { rows } = await sql<{ external_id: string; content_hash: Buffer }>`
    SELECT external_id, content_hash FROM catalogue_offers
    WHERE integration_id = ${integrationId} AND external_id = ANY(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.external_id, row.content_hash.toString('hex')]));
}

/**
 * Stores one page of a network's catalogue, at most one entry per id: new and changed offers are written, what did
 * not change is only read (law 6).
 */
export async function storeCataloguePage(
  tx: Tx,
  page: { integrationId: bigint; runId: bigint; offers: readonly CatalogueOffer[] },
): Promise<StoredCataloguePage> {
  const { integrationId, runId, offers } = page;
  if (offers.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const records = offers.map(recordOf);
  const known = await readHashes(
    tx,
    integrationId,
    records.map((record) => record.external_id),
  );
  const fresh = records.filter((record) => !known.has(record.external_id));
  const changed = records.filter((record) => {
    const hash = known.get(record.external_id);
    return hash !== undefined && hash !== record.hash;
  });
  if (fresh.length > 0) {
    const { rows } = await sql`
      INSERT INTO catalogue_offers (integration_id, external_id, name, tune_status, offer_url, default_payout_e5,
        percent_payout_e5, payout_type, currency, advertiser_id, advertiser_name, expiration_date, expires_at, is_expired,
        content_hash, first_active_run_id)
      SELECT ${integrationId}, external_id, name, tune_status, offer_url, default_payout_e5, percent_payout_e5,
        payout_type, currency, advertiser_id, advertiser_name, expiration_date, expires_at, is_expired,
        decode(hash, 'hex'), CASE WHEN ${IS_ACTIVE} THEN ${runId}::bigint END
      FROM ${recordset(fresh, COLUMNS)} ORDER BY external_id COLLATE "C"
      ON CONFLICT DO NOTHING RETURNING 1`.execute(tx);
    if (rows.length !== fresh.length) throw new ConcurrentChangeError('Another writer added the same offers');
  }
  if (changed.length > 0) {
    await sql`
      WITH r AS (SELECT * FROM ${recordset(changed, COLUMNS)}), locked AS (
        SELECT c.external_id FROM catalogue_offers c JOIN r USING (external_id)
        WHERE c.integration_id = ${integrationId} ORDER BY c.external_id FOR UPDATE OF c
      )
      UPDATE catalogue_offers c SET name = r.name, tune_status = r.tune_status, offer_url = r.offer_url,
        default_payout_e5 = r.default_payout_e5, percent_payout_e5 = r.percent_payout_e5, payout_type = r.payout_type,
        currency = r.currency, advertiser_id = r.advertiser_id, advertiser_name = r.advertiser_name,
        expiration_date = r.expiration_date, expires_at = r.expires_at, is_expired = r.is_expired,
        content_hash = decode(r.hash, 'hex'), changed_at = now(),
        first_active_run_id = CASE WHEN c.first_active_run_id IS NULL AND ${IS_ACTIVE} THEN ${runId}::bigint
          ELSE c.first_active_run_id END
      FROM r JOIN locked USING (external_id)
      WHERE c.integration_id = ${integrationId} AND c.external_id = r.external_id`.execute(tx);
  }
  return { inserted: fresh.length, updated: changed.length, unchanged: records.length - fresh.length - changed.length };
}
