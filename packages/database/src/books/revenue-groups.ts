import { sql, type RawBuilder } from 'kysely';
import { integrationsInScope, type BooksScope } from './books-scope.js';
import { findEach } from '../connection/find-each.js';
import { joinOffer } from '../offers/join-offer.js';
import { FEED_RUN_MAX } from './relay-ledger.js';

export const REVENUE_GROUPINGS = ['message', 'creative', 'offer', 'campaign', 'day', 'integration'] as const;
export type RevenueGrouping = (typeof REVENUE_GROUPINGS)[number];

interface Grouped {
  /** One grouping, or two different ones. */
  readonly groupBy: readonly RevenueGrouping[];
  readonly scope: BooksScope;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The number to answer as of, and the last one in the transaction's snapshot. */
interface BooksNumbers {
  readonly asOfSeq: bigint;
  readonly lastSeq: bigint;
}

/** What names the group of an entry or total, by grouping. */
const GROUP_NAMES: Record<RevenueGrouping, string> = {
  message: 'e.message_id',
  creative: 'e.creative_id',
  campaign: 'e.campaign_id',
  day: 'e.day::text',
  integration: 'e.integration_id::text',
  offer: 'e.external_offer_id',
};

/** What is kept of each entry or total before it is summed. An offer of the network is one within its integration. */
function groupColumns(groupBy: readonly RevenueGrouping[]): string {
  const [first, second] = groupBy.map((grouping) => GROUP_NAMES[grouping]);
  const integration = groupBy.includes('offer') ? 'e.integration_id' : 'NULL::bigint';
  return `${integration} AS integration_id, ${first ?? 'NULL::text'} AS name, ${second ?? 'NULL::text'} AS second_name`;
}

function inScope(alias: 'e' | 'f' | 'u', scope: BooksScope): RawBuilder<unknown> {
  return sql`${sql.ref(alias)}.integration_id = ANY(ARRAY(${integrationsInScope(scope)}))`;
}

function onDays({ from, to }: Grouped): RawBuilder<unknown> {
  const lower = from === undefined ? sql`` : sql` AND e.day >= ${from}::date`;
  const upper = to === undefined ? sql`` : sql` AND e.day <= ${to}::date`;
  return sql`${lower}${upper}`;
}

/** Columns of entries `e`, with a sign. */
function worthOf({ groupBy }: Grouped, sign: 1 | -1): RawBuilder<unknown> {
  const worth = ['conversions', 'revenue_e5', 'unconfirmed_e5', 'pending_e5'].map(
    (column) => `${sign === 1 ? '' : '-'}e.${column}::numeric AS ${column}`,
  );
  return sql.raw(`${groupColumns(groupBy)}, e.currency, ${worth.join(', ')}`);
}

/** The entries numbered after `asOfSeq`, taken off. */
function offLater(grouped: Grouped, { asOfSeq, lastSeq }: BooksNumbers): RawBuilder<unknown> {
  return sql`
    SELECT ${worthOf(grouped, -1)}
    FROM ledger_feed f CROSS JOIN LATERAL
      unnest(f.conversion_ids, f.entry_nos) WITH ORDINALITY AS n (conversion_id, entry_no, position)
    ${findEach('ledger_entries', 'e', 'e.conversion_id = n.conversion_id AND e.entry_no = n.entry_no')}
    WHERE ${inScope('f', grouped.scope)} AND f.first_seq > ${asOfSeq - BigInt(FEED_RUN_MAX)}
      AND f.first_seq <= ${lastSeq} AND f.first_seq + n.position - 1 > ${asOfSeq}${onDays(grouped)}`;
}

/** Everything that was booked, less what has no number yet. */
function numbered(grouped: Grouped): RawBuilder<unknown> {
  return sql`
    SELECT ${worthOf(grouped, 1)} FROM ledger_entries e WHERE ${inScope('e', grouped.scope)}${onDays(grouped)}
    UNION ALL
    SELECT ${worthOf(grouped, -1)}
    FROM ledger_unnumbered u CROSS JOIN LATERAL unnest(u.conversion_ids, u.entry_nos) AS n (conversion_id, entry_no)
    ${findEach('ledger_entries', 'e', 'e.conversion_id = n.conversion_id AND e.entry_no = n.entry_no')}
    WHERE ${inScope('u', grouped.scope)}${onDays(grouped)}`;
}

function totals(grouped: Grouped): RawBuilder<unknown> {
  return sql`
    SELECT ${sql.raw(groupColumns(grouped.groupBy))}, e.currency, e.conversions::numeric, e.revenue_e5::numeric,
      e.unconfirmed_e5::numeric, e.pending_e5::numeric
    FROM revenue_totals e WHERE ${inScope('e', grouped.scope)}${onDays(grouped)}`;
}

/** Totals stand at `lastSeq`; what came after `asOfSeq` is taken off again. Messages have no totals. */
function parts(grouped: Grouped, at: BooksNumbers): RawBuilder<unknown> {
  const all = grouped.groupBy.includes('message') ? numbered(grouped) : totals(grouped);
  return at.asOfSeq === at.lastSeq ? all : sql`${all} UNION ALL ${offLater(grouped, at)}`;
}

const SUMS = sql`
  sum(conversions) AS conversions, sum(revenue_e5) AS revenue_e5, sum(unconfirmed_e5) AS unconfirmed_e5,
  sum(pending_e5) AS pending_e5`;

const NOT_ALL_ZERO = sql`
  sum(conversions) <> 0 OR sum(revenue_e5) <> 0 OR sum(unconfirmed_e5) <> 0 OR sum(pending_e5) <> 0`;

/** The key that callers see: for an offer our own number, which comes and goes with imports. */
const keyOf = (grouping: RevenueGrouping | undefined, column: string): string =>
  grouping === 'offer' ? 'o.id::text' : column;

/**
 * SQL that sums the books as of a number, one row per group and currency, rows of zeros left out. `sort_1` to `sort_3`
 * and the currency order the rows the same way for ever: offers by what the books know them by, since their own key
 * comes and goes with imports.
 */
export function groupedRevenue(grouped: Grouped, at: BooksNumbers): RawBuilder<unknown> {
  const [first, second] = grouped.groupBy;
  const offerName = second === 'offer' ? 'g.second_name' : 'g.name';
  const byOffer = grouped.groupBy.includes('offer');
  return sql`
    SELECT ${sql.raw(keyOf(first, 'g.name'))} AS key, ${sql.raw(keyOf(second, 'g.second_name'))} AS second_key,
      ${sql.raw(byOffer ? offerName : 'NULL::text')} AS external_offer_id, g.integration_id, g.currency,
      g.conversions, g.revenue_e5, g.unconfirmed_e5, g.pending_e5,
      g.name COLLATE "C" AS sort_1, g.second_name COLLATE "C" AS sort_2, g.integration_id AS sort_3
    FROM (
      SELECT integration_id, name, second_name, currency, ${SUMS} FROM (${parts(grouped, at)}) part
      GROUP BY integration_id, name, second_name, currency HAVING ${NOT_ALL_ZERO}
    ) g ${byOffer ? joinOffer('g.integration_id', offerName) : sql``}`;
}

export const REVENUE_SORTS = ['key', '-revenue', '-conversions'] as const;
/** By key, or the highest first: amounts as they are, whatever their currency. */
export type RevenueSort = (typeof REVENUE_SORTS)[number];

const FIRST: Readonly<Record<RevenueSort, string>> = {
  key: '',
  '-revenue': 'revenue_e5 DESC NULLS LAST, ',
  '-conversions': 'conversions DESC NULLS LAST, ',
};

/** The order of the rows: the same for ever, since keys decide between equals. */
export const revenueOrder = (sort: RevenueSort): RawBuilder<unknown> =>
  sql.raw(`${FIRST[sort]}sort_1 NULLS LAST, sort_2 NULLS LAST, sort_3 NULLS LAST, currency COLLATE "C"`);
