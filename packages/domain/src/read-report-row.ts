import type { ConversionFacts, ConversionStatus } from './conversion.js';
import { ID_FIELDS, reportFieldOf, type IdField } from './id-fields.js';
import { isLocalText } from './local-time.js';
import { isCurrencyCode, parseAmountE5 } from './money.js';

/** A report row as the client hands it out: `Stat.ad_id` → text or null; a field that was not sent is absent. */
export type ReportRow = Readonly<Record<string, string | null>>;

export type UnreadableReason =
  | 'event_id_missing'
  | 'affiliate_missing'
  | 'offer_missing'
  | 'time_unreadable'
  | 'status_unknown'
  | 'payout_missing'
  | 'payout_unreadable'
  | 'currency_unreadable'
  | 'currency_amount_missing'
  | 'value_too_long';

export type ReadRow =
  | { readonly kind: 'facts'; readonly facts: ConversionFacts }
  | { readonly kind: 'foreign'; readonly affiliateId: string }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly tuneEventId: string | null };

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

/** The amount in the conversion's own currency (product.md "Amounts"; TUNE quirk 21). */
function readMoney(row: ReportRow, context: ReadContext): Money | UnreadableReason {
  const own = Object.entries(row).filter(
    ([field, value]) => field.startsWith('Stat.payout@') && filled(value) !== null,
  );
  const stated = filled(row['Stat.currency'])?.trim().toUpperCase() ?? null;
  const only = own.length === 1 ? (own[0]?.[0].slice('Stat.payout@'.length).toUpperCase() ?? null) : null;
  const currency = stated ?? only ?? context.defaultCurrency;
  if (!isCurrencyCode(currency)) return 'currency_unreadable';
  const column = own.find(([field]) => field.slice('Stat.payout@'.length).toUpperCase() === currency);
  const converted = column === undefined && (context.severalCurrencies || own.length > 0);
  // Plain payout of such a row is an estimate in the network's currency: right only where that is its own.
  if (converted && currency !== context.defaultCurrency) return 'currency_amount_missing';
  const payout = filled(column?.[1] ?? row['Stat.payout'])?.trim() ?? null;
  if (payout === null) return 'payout_missing';
  if (parseAmountE5(payout) === null) return 'payout_unreadable';
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
  const unreadable = (reason: UnreadableReason): ReadRow => ({ kind: 'unreadable', reason, tuneEventId });
  const affiliateId = idOrNone(row['Stat.affiliate_id']);
  if (affiliateId === null) return unreadable('affiliate_missing');
  if (affiliateId !== context.affiliateId) return { kind: 'foreign', affiliateId };
  if (tuneEventId === null) return unreadable('event_id_missing');
  const offerId = idOrNone(row['Stat.offer_id']);
  if (offerId === null) return unreadable('offer_missing');
  const localTime = row['Stat.datetime']?.trim() ?? '';
  if (!isLocalText(localTime)) return unreadable('time_unreadable');
  const status = STATUSES.get(row['Stat.status']?.trim().toLowerCase() ?? '');
  if (status === undefined) return unreadable('status_unknown');
  const money = readMoney(row, context);
  if (typeof money === 'string') return unreadable(money);
  const adId = idOrNone(row['Stat.ad_id']);
  if ([tuneEventId, offerId, adId ?? ''].some((key) => key.length > KEY_LENGTH_MAX))
    return unreadable('value_too_long');
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
