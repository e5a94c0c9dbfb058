import { ID_FIELDS, type ConversionFacts, type ConversionStatus, type IdField } from '@trackly-tune/domain';

/** Fields that a network may refuse, each with its bit in `told`. The order is stored: add at the end only. */
const OPTIONAL = ['goal_id', 'status_code', 'is_adjustment', ...ID_FIELDS] as const;
const USUAL_PAYOUT_COLUMN = 'payout';

type IdColumns = { readonly [Field in IdField]: string | null };

/** The facts of a pulled row as conversion_versions keeps them, but for `tune_event_id`, which never changes. */
export interface VersionColumns extends IdColumns {
  readonly told: number;
  readonly status: ConversionStatus;
  readonly is_adjustment: boolean | null;
  readonly local_time: string;
  readonly payout: string | null;
  readonly payout_column: string | null;
  readonly currency: string;
  readonly ad_id: string | null;
  readonly offer_id: string;
  readonly affiliate_id: string;
  readonly goal_id: string | null;
  readonly status_code: string | null;
}

/** The columns in SQL, as a recordset takes them. */
export const VERSION_TYPES = `told smallint, status conversion_status, is_adjustment boolean, local_time timestamp,
  payout text, payout_column text, currency text, ad_id text, offer_id text, affiliate_id text, goal_id text,
  status_code text, ${ID_FIELDS.map((field) => `${field} text`).join(', ')}`;

export const VERSION_NAMES = VERSION_TYPES.split(',').map((column) => column.trim().split(' ')[0] ?? '');

function toldOf(facts: ConversionFacts): number {
  const isTold = (field: (typeof OPTIONAL)[number]): boolean =>
    field === 'goal_id' || field === 'status_code' || field === 'is_adjustment'
      ? facts[field] !== undefined
      : facts.ids[field] !== undefined;
  return OPTIONAL.reduce((bits, field, index) => (isTold(field) ? bits | (1 << index) : bits), 0);
}

export function toVersionColumns(facts: ConversionFacts): VersionColumns {
  const ids = Object.fromEntries(ID_FIELDS.map((field) => [field, facts.ids[field] ?? null])) as IdColumns;
  return {
    ...ids,
    told: toldOf(facts),
    status: facts.status,
    is_adjustment: facts.is_adjustment ?? null,
    local_time: facts.local_time,
    payout: facts.payout,
    payout_column: facts.payout_column === USUAL_PAYOUT_COLUMN ? null : facts.payout_column,
    currency: facts.currency,
    ad_id: facts.ad_id,
    offer_id: facts.offer_id,
    affiliate_id: facts.affiliate_id,
    goal_id: facts.goal_id ?? null,
    status_code: facts.status_code ?? null,
  };
}

/** The same facts again, to the last field that was not told. */
export function fromVersionColumns(tuneEventId: string, columns: VersionColumns): ConversionFacts {
  const told = new Set(OPTIONAL.filter((_, index) => (columns.told & (1 << index)) !== 0));
  return {
    tune_event_id: tuneEventId,
    ad_id: columns.ad_id,
    offer_id: columns.offer_id,
    affiliate_id: columns.affiliate_id,
    local_time: columns.local_time,
    status: columns.status,
    payout: columns.payout,
    currency: columns.currency,
    payout_column: columns.payout_column ?? USUAL_PAYOUT_COLUMN,
    ...(told.has('goal_id') ? { goal_id: columns.goal_id ?? '' } : {}),
    ...(told.has('status_code') ? { status_code: columns.status_code } : {}),
    ...(told.has('is_adjustment') ? { is_adjustment: columns.is_adjustment ?? false } : {}),
    ids: Object.fromEntries(ID_FIELDS.filter((field) => told.has(field)).map((field) => [field, columns[field]])),
  };
}
