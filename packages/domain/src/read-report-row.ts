import type { ConversionFacts, ConversionStatus } from './conversion.js';
import { ID_FIELDS, reportFieldOf, type IdField } from './id-fields.js';
import { isLocalText } from './local-time.js';
import { isCurrencyCode, parseAmountE5 } from './money.js';

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

export type ReadRow =
  | { readonly kind: 'facts'; readonly facts: ConversionFacts }
  | { readonly kind: 'foreign'; readonly affiliateId: string }
  | ({ readonly kind: 'unreadable'; readonly tuneEventId: string | null } & UnreadableCause);

export interface ReadContext {
  readonly affiliateId: string;
  readonly defaultCurrency: string;
  /** True when the network is known to run several currencies: then plain `payout` is only a conversion. */
  readonly severalCurrencies: boolean;
}

const KEY_LENGTH_MAX = 500;
const STATUSES: ReadonlyMap<string, ConversionStatus> = new Map(
  (['approved', 'pending', 'rejected'] as const).map((status) => [status, status]),
);

/** null, "" and blanks all mean "none" (TUNE quirk 11); "0" does too for an id. */
function filled(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value;
}

function idOrNone(value: string | null | undefined): string | null {
  const text = filled(value)?.trim() ?? null;
  return text === '0' ? null : text;
}

/** Booleans come as "1", "0", "", null (quirk 10); the client has already turned true and false into these. */
function isTrue(value: string | null): boolean {
  return value !== null && value !== '' && value !== '0';
}

type Money = Pick<ConversionFacts, 'payout' | 'currency' | 'payout_column'>;

const causeIn = (row: ReportRow, reason: UnreadableReason, field: string): UnreadableCause => ({
  reason,
  field,
  value: row[field] ?? null,
});

/** The amount in the conversion's own currency (product.md "Amounts"; TUNE quirk 21). */
function readMoney(row: ReportRow, context: ReadContext): Money | UnreadableCause {
  const own = Object.entries(row).filter(
    ([field, value]) => field.startsWith('Stat.payout@') && filled(value) !== null,
  );
  const stated = filled(row['Stat.currency'])?.trim().toUpperCase() ?? null;
  const only = own.length === 1 ? (own[0]?.[0].slice('Stat.payout@'.length).toUpperCase() ?? null) : null;
  const currency = stated ?? only ?? context.defaultCurrency;
  if (!isCurrencyCode(currency)) return causeIn(row, 'currency_unreadable', 'Stat.currency');
  const column = own.find(([field]) => field.slice('Stat.payout@'.length).toUpperCase() === currency);
  const converted = column === undefined && (context.severalCurrencies || own.length > 0);
  // Plain payout of such a row is an estimate in the network's currency: right only where that is its own.
  if (converted && currency !== context.defaultCurrency) {
    return causeIn(row, 'currency_amount_missing', `Stat.payout@${currency}`);
  }
  const field = column?.[0] ?? 'Stat.payout';
  const payout = filled(row[field])?.trim() ?? null;
  if (payout === null) return causeIn(row, 'payout_missing', field);
  if (parseAmountE5(payout) === null) return causeIn(row, 'payout_unreadable', field);
  return { payout, currency, payout_column: column ? column[0].slice('Stat.'.length) : 'payout' };
}

function readIds(row: ReportRow): Partial<Record<IdField, string | null>> {
  const ids: Partial<Record<IdField, string | null>> = {};
  for (const field of ID_FIELDS) {
    const value = row[reportFieldOf(field)];
    if (value !== undefined) ids[field] = filled(value);
  }
  return ids;
}

/**
 * Reads one row of Report::getConversions. Rows of other affiliates are `foreign`; a row that lacks what the books
 * need is `unreadable` with its reason, never guessed.
 */
export function readReportRow(row: ReportRow, context: ReadContext): ReadRow {
  const tuneEventId = idOrNone(row['Stat.tune_event_id']);
  const unreadable = (reason: UnreadableReason, field: string): ReadRow => ({
    kind: 'unreadable',
    tuneEventId,
    ...causeIn(row, reason, field),
  });
  const affiliateId = idOrNone(row['Stat.affiliate_id']);
  if (affiliateId === null) return unreadable('affiliate_missing', 'Stat.affiliate_id');
  if (affiliateId !== context.affiliateId) return { kind: 'foreign', affiliateId };
  if (tuneEventId === null) return unreadable('event_id_missing', 'Stat.tune_event_id');
  const offerId = idOrNone(row['Stat.offer_id']);
  if (offerId === null) return unreadable('offer_missing', 'Stat.offer_id');
  const localTime = row['Stat.datetime']?.trim() ?? '';
  if (!isLocalText(localTime)) return unreadable('time_unreadable', 'Stat.datetime');
  const status = STATUSES.get(row['Stat.status']?.trim().toLowerCase() ?? '');
  if (status === undefined) return unreadable('status_unknown', 'Stat.status');
  const money = readMoney(row, context);
  if ('reason' in money) return { kind: 'unreadable', tuneEventId, ...money };
  const adId = idOrNone(row['Stat.ad_id']);
  const tooLong = ['Stat.tune_event_id', 'Stat.offer_id', 'Stat.ad_id'].find(
    (field) => (row[field]?.trim().length ?? 0) > KEY_LENGTH_MAX,
  );
  if (tooLong !== undefined) return unreadable('value_too_long', tooLong);
  const goalId = row['Stat.goal_id'];
  const statusCode = row['Stat.status_code'];
  const adjustment = row['Stat.is_adjustment'];
  return {
    kind: 'facts',
    facts: {
      tune_event_id: tuneEventId,
      ad_id: adId,
      offer_id: offerId,
      affiliate_id: affiliateId,
      local_time: localTime,
      status,
      ...money,
      // The default goal is "0" (quirk 11).
      ...(goalId === undefined ? {} : { goal_id: filled(goalId)?.trim() ?? '0' }),
      ...(statusCode === undefined ? {} : { status_code: filled(statusCode)?.trim() ?? null }),
      ...(adjustment === undefined ? {} : { is_adjustment: isTrue(adjustment?.trim() ?? null) }),
      ids: readIds(row),
    },
  };
}
