import { formatAmountE5, type AmountE5 } from './money.js';
import type { OfferState } from './offer-fields.js';

/** What an offer's history says of one field. */
export interface FieldChange {
  readonly before: string | number | null;
  readonly after: string | number | null;
}

/** An offer as its history knows it: its state, and what only people set. */
export interface RecordedOffer extends OfferState {
  readonly clickWindowDays: number | null;
}

const amount = (units: AmountE5 | null): string | null => (units === null ? null : formatAmountE5(units));

function shown(offer: RecordedOffer): Record<string, string | number | null> {
  return {
    name: offer.name,
    tracking_url: offer.trackingUrl,
    payout: amount(offer.payout),
    payout_percent: amount(offer.payoutPercent),
    payout_type: offer.payoutType,
    currency: offer.currency,
    advertiser_id: offer.advertiserId,
    advertiser_name: offer.advertiserName,
    status: offer.status,
    tune_status: offer.tuneStatus,
    expires_at: offer.expiresAt?.toISOString() ?? null,
    click_window_days: offer.clickWindowDays,
  };
}

/** The differences of an offer by the names that callers know, empty when there are none. `null`: it is new. */
export function offerChanges(before: RecordedOffer | null, after: RecordedOffer): Record<string, FieldChange> {
  const was = before === null ? {} : shown(before);
  const changes: Record<string, FieldChange> = {};
  for (const [field, value] of Object.entries(shown(after))) {
    const old = was[field] ?? null;
    if (old !== value) changes[field] = { before: old, after: value };
  }
  return changes;
}
