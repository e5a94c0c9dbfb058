import type { UnreadableReason } from './report-row.js';

/** The field that a reason is about. Rows that were kept before their field was have no other. */
const FIELDS: Readonly<Record<UnreadableReason, string | null>> = {
  event_id_missing: 'Stat.tune_event_id',
  affiliate_missing: 'Stat.affiliate_id',
  offer_missing: 'Stat.offer_id',
  time_unreadable: 'Stat.datetime',
  status_unknown: 'Stat.status',
  payout_missing: 'Stat.payout',
  payout_unreadable: 'Stat.payout',
  payout_too_large: 'Stat.payout',
  currency_unreadable: 'Stat.currency',
  currency_ambiguous: 'Stat.currency',
  currency_amount_missing: 'Stat.currency',
  adjustment_unreadable: 'Stat.is_adjustment',
  // One of several.
  value_too_long: null,
};

/** The field of a report that a reason is about; null where it may be one of several. */
export function fieldOfReason(reason: UnreadableReason): string | null {
  return FIELDS[reason];
}
