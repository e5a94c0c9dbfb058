import type { AmountE5 } from './money.js';

/** A pulled row as far as it decides which postback it claims. */
export interface MatchableRow {
  /** `tune_event_id`: the same whatever was received first, unlike our own numbers. */
  readonly key: string;
  readonly offerId: string;
  /** Null where the network does not show goals. */
  readonly goalId: string | null;
  readonly isAdjustment: boolean;
  /** Null where a rejected row has none. */
  readonly amount: AmountE5 | null;
  readonly currency: string;
  readonly at: Date;
}

/** An original postback (no refund, no chargeback) as far as it decides which row claims it. */
export interface MatchablePostback {
  readonly key: string;
  /** Null where the network's id of the offer is unknown. */
  readonly offerId: string | null;
  readonly goalId: string | null;
  readonly amount: AmountE5 | null;
  readonly currency: string;
  readonly at: Date;
}

interface Pair {
  readonly row: string;
  readonly postback: string;
  /** Compared from left to right; the lowest is matched first. */
  readonly rank: readonly number[];
}

function contradict(row: MatchableRow, postback: MatchablePostback): boolean {
  const offers = postback.offerId !== null && postback.offerId !== row.offerId;
  const goals = postback.goalId !== null && row.goalId !== null && postback.goalId !== row.goalId;
  return offers || goals;
}

/**
 * How well two fit. What both name goes before what one leaves open, and that before what both leave open: matched in
 * this order as many postbacks as possible are claimed. Amount and time only choose among equals.
 */
function rankOf(row: MatchableRow, postback: MatchablePostback): readonly number[] {
  const openGoals = (row.goalId === null ? 1 : 0) + (postback.goalId === null ? 1 : 0);
  const sameAmount = row.amount !== null && postback.amount === row.amount && postback.currency === row.currency;
  return [
    row.isAdjustment ? 1 : 0,
    postback.offerId === null ? 1 : 0,
    openGoals,
    sameAmount ? 0 : 1,
    Math.abs(row.at.getTime() - postback.at.getTime()),
  ];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePairs(a: Pair, b: Pair): number {
  for (const [index, value] of a.rank.entries()) {
    const difference = value - (b.rank[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareText(a.row, b.row) || compareText(a.postback, b.postback);
}

/**
 * Which pulled row claims which postback of its transaction: each at most one of the other (product-rules.md, "One
 * conversion, two ways in"). The same for the same records, in whatever order they are given.
 *
 * @returns row by postback, both by their keys
 */
export function matchPostbacks(
  rows: readonly MatchableRow[],
  postbacks: readonly MatchablePostback[],
): ReadonlyMap<string, string> {
  const pairs = rows.flatMap((row) =>
    postbacks
      .filter((postback) => !contradict(row, postback))
      .map((postback) => ({ row: row.key, postback: postback.key, rank: rankOf(row, postback) })),
  );
  const claims = new Map<string, string>();
  const taken = new Set<string>();
  for (const { row, postback } of pairs.sort(comparePairs)) {
    if (taken.has(row) || claims.has(postback)) continue;
    taken.add(row);
    claims.set(postback, row);
  }
  return claims;
}
