/** A report row as the client hands it out: `Stat.ad_id` → text or null; a field that was not sent is absent. */
export type ReportRow = Readonly<Record<string, string | null>>;

export const UNREADABLE_REASONS = [
  'event_id_missing',
  'affiliate_missing',
  'offer_missing',
  'time_unreadable',
  'status_unknown',
  'payout_missing',
  'payout_unreadable',
  'payout_too_large',
  'currency_unreadable',
  'currency_ambiguous',
  'currency_amount_missing',
  'adjustment_unreadable',
  'value_too_long',
] as const;

export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/** What made a row unreadable: the field of the report and what stood in it; null where it was empty or not sent. */
export interface UnreadableCause {
  readonly reason: UnreadableReason;
  readonly field: string;
  readonly value: string | null;
}

/** Blames a field of a row. */
export function causeIn(row: ReportRow, reason: UnreadableReason, field: string): UnreadableCause {
  return { reason, field, value: row[field] ?? null };
}
