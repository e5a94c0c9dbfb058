import type { IdField } from './id-fields.js';

export type ConversionStatus = 'approved' | 'pending' | 'rejected';

/**
 * What one observation of a conversion said, as it is stored and shown (hence the names of the report).
 * An optional field that the network refuses is absent, and then keeps what was stored before.
 */
export interface ConversionFacts {
  readonly tune_event_id: string;
  readonly ad_id: string | null;
  readonly offer_id: string;
  readonly affiliate_id: string;
  /** TUNE's own local text, `YYYY-MM-DD hh:mm:ss`. */
  readonly local_time: string;
  readonly status: ConversionStatus;
  /** As TUNE wrote it, exact in five decimals; null where a rejected conversion has none: it is worth nothing. */
  readonly payout: string | null;
  readonly currency: string;
  /** The column the amount was read from: `payout`, or `payout@EUR` where several currencies run. */
  readonly payout_column: string;
  readonly goal_id?: string;
  readonly status_code?: string | null;
  readonly is_adjustment?: boolean;
  /** Values of the sub id fields; a field that was empty is null, one that was not read is absent. */
  readonly ids: Readonly<Partial<Record<IdField, string | null>>>;
}

/** Test conversions by TUNE's status codes 21–23 (quirk 23): kept, marked, never counted. */
export function isTestConversion(facts: Pick<ConversionFacts, 'status_code'>): boolean {
  return ['21', '22', '23'].includes(facts.status_code ?? '');
}

/**
 * Fills what this observation did not read (a refused optional field) with what is stored, so that a field that a
 * network stops showing changes nothing (product-rules.md, "What a field is worth").
 */
export function keepUnread(seen: ConversionFacts, stored: ConversionFacts): ConversionFacts {
  return { ...stored, ...seen, ids: { ...stored.ids, ...seen.ids } };
}

/** The key of the transaction a pulled row belongs to; a row without a transaction id stands alone (quirk 22). */
export function transactionKey(facts: Pick<ConversionFacts, 'ad_id' | 'tune_event_id'>): string {
  return facts.ad_id === null ? `event:${facts.tune_event_id}` : `ad:${facts.ad_id}`;
}
