import { sql } from 'kysely';
import { offerChanges, type OfferState, type OfferStatus, type RecordedOffer } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { recordOfferChanges, type OfferChangeCause } from './offer-history.js';
import { recordOfState, STATE_COLUMNS } from './offer-rows.js';
import { recordset } from '../connection/recordset.js';

export interface ChangedOffer {
  readonly id: bigint;
  readonly before: RecordedOffer;
  readonly after: RecordedOffer;
  readonly cause: OfferChangeCause;
  /** What the sync remembers of an offer that is gone, to be undone when it returns. */
  readonly vanished: boolean;
  readonly statusBeforeVanished: OfferStatus | null;
}

/** Writes what a sync changed, with its history: a thousand offers at a time. */
export async function writeSyncedOffers(
  tx: Tx,
  options: { runId: bigint; offers: readonly ChangedOffer[] },
): Promise<void> {
  const { runId, offers } = options;
  if (offers.length === 0) return;
  const records = offers.map((offer) => ({
    id: offer.id,
    ...recordOfState(offer.after),
    vanished: offer.vanished,
    status_before_vanished: offer.statusBeforeVanished,
  }));
  await sql`
    UPDATE offers o SET name = r.name, tracking_url = r.tracking_url, payout_e5 = r.payout_e5,
      payout_percent_e5 = r.payout_percent_e5, currency = r.currency, payout_type = r.payout_type,
      advertiser_id = r.advertiser_id, advertiser_name = r.advertiser_name, status = r.status,
      tune_status = r.tune_status, expires_at = r.expires_at, status_before_vanished = r.status_before_vanished,
      vanished_at = CASE WHEN r.vanished THEN coalesce(o.vanished_at, now()) END,
      payout_since = CASE WHEN (o.payout_e5, o.currency) IS DISTINCT FROM (r.payout_e5, r.currency) THEN now()
        ELSE o.payout_since END,
      last_synced_at = CASE WHEN r.vanished THEN o.last_synced_at ELSE now() END, updated_at = now()
    FROM ${recordset(records, `id bigint, ${STATE_COLUMNS}, vanished boolean, status_before_vanished text`)}
    WHERE o.id = r.id`.execute(tx);
  await recordOfferChanges(
    tx,
    offers.map((offer) => ({
      offerId: offer.id,
      cause: offer.cause,
      runId,
      changedBy: null,
      changes: offerChanges(offer.before, offer.after),
    })),
  );
}

/** Adds offers of the network; one that is there already is left alone. Returns the ids in the network of the added. */
export async function insertImportedOffers(
  tx: Tx,
  options: {
    integrationId: bigint;
    runId: bigint;
    cause: 'import' | 'auto_import';
    offers: readonly { externalId: string; state: OfferState }[];
  },
): Promise<string[]> {
  const { integrationId, runId, cause, offers } = options;
  if (offers.length === 0) return [];
  const records = offers.map((offer) => ({ external_id: offer.externalId, ...recordOfState(offer.state) }));
  const { rows } = await sql<{ id: bigint; external_id: string }>`
    INSERT INTO offers (integration_id, external_id, name, tracking_url, payout_e5, payout_percent_e5, currency,
      payout_type, advertiser_id, advertiser_name, status, tune_status, expires_at, last_synced_at)
    SELECT ${integrationId}, external_id, name, tracking_url, payout_e5, payout_percent_e5, currency, payout_type,
      advertiser_id, advertiser_name, status, tune_status, expires_at, now()
    FROM ${recordset(records, `external_id text, ${STATE_COLUMNS}`)} ORDER BY external_id COLLATE "C"
    ON CONFLICT (integration_id, external_id) DO NOTHING
    RETURNING id, external_id`.execute(tx);
  const states = new Map(offers.map((offer) => [offer.externalId, offer.state]));
  await recordOfferChanges(
    tx,
    rows.flatMap((row) => {
      const state = states.get(row.external_id);
      if (!state) return [];
      const changes = offerChanges(null, { ...state, clickWindowDays: null });
      return [{ offerId: row.id, cause, runId, changedBy: null, changes }];
    }),
  );
  return rows.map((row) => row.external_id);
}
