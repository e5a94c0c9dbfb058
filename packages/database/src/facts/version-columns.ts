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

const bitOf = (field: (typeof OPTIONAL)[number]): number => 1 << OPTIONAL.indexOf(field);

const GOAL_ID = bitOf('goal_id');
const STATUS_CODE = bitOf('status_code');
const IS_ADJUSTMENT = bitOf('is_adjustment');
const IDS = ID_FIELDS.map((field) => ({ field, bit: bitOf(field), selected: `v_${field}` as const }));

function toldOf({
  goal_id: goalId,
  status_code: statusCode,
  is_adjustment: isAdjustment,
  ids,
}: ConversionFacts): number {
  let bits =
    (goalId === undefined ? 0 : GOAL_ID) |
    (statusCode === undefined ? 0 : STATUS_CODE) |
    (isAdjustment === undefined ? 0 : IS_ADJUSTMENT);
  for (const { field, bit } of IDS) if (ids[field] !== undefined) bits |= bit;
  return bits;
}

/** Field by field, since every row of every pull comes through here. */
export function toVersionColumns(facts: ConversionFacts): VersionColumns {
  const { ids } = facts;
  return {
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
    affiliate_click_id: ids.affiliate_click_id ?? null,
    aff_sub: ids.aff_sub ?? null,
    aff_sub2: ids.aff_sub2 ?? null,
    aff_sub3: ids.aff_sub3 ?? null,
    aff_sub4: ids.aff_sub4 ?? null,
    aff_sub5: ids.aff_sub5 ?? null,
    affiliate_unique1: ids.affiliate_unique1 ?? null,
    affiliate_unique2: ids.affiliate_unique2 ?? null,
    affiliate_unique3: ids.affiliate_unique3 ?? null,
    affiliate_unique4: ids.affiliate_unique4 ?? null,
    affiliate_unique5: ids.affiliate_unique5 ?? null,
    source: ids.source ?? null,
  };
}

/** The columns as a statement selects them: those of the conversion are named alike. */
export type SelectedVersion = { readonly [Column in keyof VersionColumns as `v_${Column}`]: VersionColumns[Column] };

/** The same facts again, to the last field that was not told. */
export function fromVersionColumns(tuneEventId: string, row: SelectedVersion): ConversionFacts {
  const isTold = (bit: number): boolean => (row.v_told & bit) !== 0;
  const ids: Partial<Record<IdField, string | null>> = {};
  for (const { field, bit, selected } of IDS) if (isTold(bit)) ids[field] = row[selected];
  return {
    tune_event_id: tuneEventId,
    ad_id: row.v_ad_id,
    offer_id: row.v_offer_id,
    affiliate_id: row.v_affiliate_id,
    local_time: row.v_local_time,
    status: row.v_status,
    payout: row.v_payout,
    currency: row.v_currency,
    payout_column: row.v_payout_column ?? USUAL_PAYOUT_COLUMN,
    ...(isTold(GOAL_ID) ? { goal_id: row.v_goal_id ?? '' } : {}),
    ...(isTold(STATUS_CODE) ? { status_code: row.v_status_code } : {}),
    ...(isTold(IS_ADJUSTMENT) ? { is_adjustment: row.v_is_adjustment ?? false } : {}),
    ids,
  };
}
