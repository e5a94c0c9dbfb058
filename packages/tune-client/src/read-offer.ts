import { readBoolean } from '@trackly-tune/domain';
import { filledId, filledText, isRecord, type JsonRecord } from './read-scalar.js';
import type { NetworkOffer } from './types.js';

/** A contained model is an object, or a map by id, or `[]` for none (tune-api.md, section 2.4). */
function advertiserOf(contained: unknown, id: string | null): JsonRecord | null {
  if (!isRecord(contained)) return null;
  if (!isRecord(Object.values(contained)[0])) return contained;
  const entry = id === null ? undefined : contained[id];
  return isRecord(entry) ? entry : null;
}

/** An entry of Offer::findAll; null without an id. `key` is what the map names the entry by. */
export function readOffer(entry: unknown, key: string | null): NetworkOffer | null {
  if (!isRecord(entry)) return null;
  const offer = isRecord(entry['Offer']) ? entry['Offer'] : entry;
  const externalId = filledId(offer['id']) ?? (key !== null && /^[1-9]\d*$/.test(key) ? key : null);
  if (externalId === null) return null;
  const named = advertiserOf(entry['Advertiser'], filledId(offer['advertiser_id']));
  return {
    externalId,
    name: filledText(offer['name']),
    tuneStatus: filledText(offer['status']) ?? '',
    offerUrl: filledText(offer['offer_url']),
    previewUrl: filledText(offer['preview_url']),
    defaultPayout: filledText(offer['default_payout']),
    percentPayout: filledText(offer['percent_payout']),
    payoutType: filledText(offer['payout_type']),
    currency: filledText(offer['currency']),
    advertiserId: filledId(offer['advertiser_id']) ?? filledId(named?.['id']),
    advertiserName: filledText(named?.['company']),
    expirationDate: filledText(offer['expiration_date']),
    isExpired: readBoolean(filledText(offer['is_expired'])) === true,
  };
}
