import type { ConversionFacts, ConversionStatus } from './conversion.js';
import { ID_FIELDS, reportFieldOf, type IdField } from './id-fields.js';
import { isLocalText } from './local-time.js';
import { readBoolean } from './read-boolean.js';
import { filledText, idOrNone } from './read-id.js';
import { readRowMoney, type MoneyContext } from './read-row-money.js';
import { causeIn, type ReportRow, type UnreadableCause } from './report-row.js';

export type ReadRow =
  | { readonly kind: 'facts'; readonly facts: ConversionFacts }
  | { readonly kind: 'foreign'; readonly affiliateId: string }
  | ({ readonly kind: 'unreadable'; readonly tuneEventId: string | null } & UnreadableCause);

export interface ReadContext extends MoneyContext {
  readonly affiliateId: string;
}

const KEY_LENGTH_MAX = 500;
const KEY_FIELDS = ['Stat.tune_event_id', 'Stat.offer_id', 'Stat.ad_id'];
const STATUSES: ReadonlyMap<string, ConversionStatus> = new Map(
  (['approved', 'pending', 'rejected'] as const).map((status) => [status, status]),
);

const ID_COLUMNS = ID_FIELDS.map((field) => ({ field, column: reportFieldOf(field) }));

function readIds(row: ReportRow): Partial<Record<IdField, string | null>> {
  const ids: Partial<Record<IdField, string | null>> = {};
  for (const { field, column } of ID_COLUMNS) {
    const value = row[column];
    if (value !== undefined) ids[field] = filledText(value);
  }
  return ids;
}

type Optional = Pick<ConversionFacts, 'goal_id' | 'status_code' | 'is_adjustment'>;

/** Fields that a network may hide: absent then, so that what was stored of them stays. */
function readOptional(row: ReportRow): Optional | UnreadableCause {
  const goalId = row['Stat.goal_id'];
  const statusCode = row['Stat.status_code'];
  const adjustment = row['Stat.is_adjustment'];
  const isAdjustment = adjustment === undefined ? undefined : readBoolean(adjustment);
  // Guessing would count a correction as a conversion, or the other way round.
  if (isAdjustment === null) return causeIn(row, 'adjustment_unreadable', 'Stat.is_adjustment');
  return {
    // The default goal is "0" (quirk 11).
    ...(goalId === undefined ? {} : { goal_id: filledText(goalId) ?? '0' }),
    ...(statusCode === undefined ? {} : { status_code: filledText(statusCode) }),
    ...(isAdjustment === undefined ? {} : { is_adjustment: isAdjustment }),
  };
}

/**
 * Reads one row of Report::getConversions. Rows of other affiliates are `foreign`; a row that lacks what the books
 * need is `unreadable`, with the reason and the field, never guessed.
 */
export function readReportRow(row: ReportRow, context: ReadContext): ReadRow {
  const tuneEventId = idOrNone(row['Stat.tune_event_id']);
  const unreadable = (cause: UnreadableCause): ReadRow => ({ kind: 'unreadable', tuneEventId, ...cause });
  const affiliateId = idOrNone(row['Stat.affiliate_id']);
  if (affiliateId === null) return unreadable(causeIn(row, 'affiliate_missing', 'Stat.affiliate_id'));
  if (affiliateId !== context.affiliateId) return { kind: 'foreign', affiliateId };
  if (tuneEventId === null) return unreadable(causeIn(row, 'event_id_missing', 'Stat.tune_event_id'));
  const offerId = idOrNone(row['Stat.offer_id']);
  if (offerId === null) return unreadable(causeIn(row, 'offer_missing', 'Stat.offer_id'));
  const localTime = row['Stat.datetime']?.trim() ?? '';
  if (!isLocalText(localTime)) return unreadable(causeIn(row, 'time_unreadable', 'Stat.datetime'));
  const status = STATUSES.get(row['Stat.status']?.trim().toLowerCase() ?? '');
  if (status === undefined) return unreadable(causeIn(row, 'status_unknown', 'Stat.status'));
  const money = readRowMoney(row, status, context);
  if ('reason' in money) return unreadable(money);
  const optional = readOptional(row);
  if ('reason' in optional) return unreadable(optional);
  const tooLong = KEY_FIELDS.find((field) => (row[field]?.trim().length ?? 0) > KEY_LENGTH_MAX);
  if (tooLong !== undefined) return unreadable(causeIn(row, 'value_too_long', tooLong));
  return {
    kind: 'facts',
    facts: {
      tune_event_id: tuneEventId,
      ad_id: idOrNone(row['Stat.ad_id']),
      offer_id: offerId,
      affiliate_id: affiliateId,
      local_time: localTime,
      status,
      ...money,
      ...optional,
      ids: readIds(row),
    },
  };
}
