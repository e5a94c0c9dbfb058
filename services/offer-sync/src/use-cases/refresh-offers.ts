import {
  databaseNow,
  lockImportedOffers,
  logIntegration,
  readImportedOffers,
  writeSyncedOffers,
  type ChangedOffer,
  type DueSlice,
  type ImportedOffer,
  type IntegrationLogLine,
  type OfferSyncSettings,
  type Tx,
} from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { planRefresh } from '../domain/plan-refresh.js';

/** Offers that are read, compared and written at a time. */
const OFFERS_MAX = 1_000;

function planAll(offers: readonly ImportedOffer[], settings: OfferSyncSettings): ChangedOffer[] {
  return offers.flatMap((offer) => {
    const planned = planRefresh(offer, settings);
    return planned === null ? [] : [{ ...planned, id: offer.id, before: offer.state }];
  });
}

function logLinesOf(slice: DueSlice, changed: readonly ChangedOffer[], externalIds: ReadonlyMap<bigint, string>) {
  return changed.flatMap((offer): IntegrationLogLine[] => {
    if (offer.cause === 'sync') return [];
    const vanished = offer.cause === 'vanished';
    const external = externalIds.get(offer.id) ?? '';
    const told = vanished
      ? `Offer ${external} is gone from the catalogue; it is ${offer.after.status} now`
      : `Offer ${external} is in the catalogue again; it is ${offer.after.status} now`;
    return [
      {
        integrationId: slice.integrationId,
        runId: slice.runId,
        level: vanished ? 'warn' : 'info',
        code: vanished ? 'offer_vanished' : 'offer_returned',
        message: told,
        context: { offer_id: toPublicId('offer', offer.id), external_id: external, status: offer.after.status },
      },
    ];
  });
}

/**
 * Brings every imported offer of an integration in step with its catalogue. Offers that do not change are only read;
 * those that do are locked and decided again, so that a person's edit at the same time is not lost.
 */
export async function refreshOffers(tx: Tx, slice: DueSlice, settings: OfferSyncSettings): Promise<void> {
  const { integrationId, runId } = slice;
  for (let after = 0n; ;) {
    const offers = await readImportedOffers(tx, { integrationId, after, offersMax: OFFERS_MAX });
    const last = offers.at(-1);
    if (last === undefined) return;
    after = last.id;
    const differing = planAll(offers, settings).map((offer) => offer.id);
    if (differing.length > 0) {
      const locked = await lockImportedOffers(tx, differing);
      // Whoever held them may have seen an expiration come.
      const changed = planAll(locked, { ...settings, now: new Date(await databaseNow(tx)) });
      await writeSyncedOffers(tx, { runId, offers: changed });
      const externalIds = new Map(locked.map((offer) => [offer.id, offer.told?.externalId ?? '']));
      await logIntegration(tx, ...logLinesOf(slice, changed, externalIds));
    }
    if (offers.length < OFFERS_MAX) return;
  }
}
