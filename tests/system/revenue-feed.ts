import { parseSumE5 } from '@trackly-tune/domain';
import type { Api } from './call-api.js';

export interface RevenueChange {
  readonly seq: number;
  readonly conversion_id: string;
  readonly message_id: string | null;
  readonly external_offer_id: string;
  readonly day: string;
  readonly currency: string;
  readonly revenue: string;
  readonly pending_revenue: string;
  readonly conversions: number;
  readonly cause: string;
}

/** The feed of an account from a number on, until its end. */
export async function readFeed(api: Api, accountId: string, after = 0): Promise<RevenueChange[]> {
  const changes: RevenueChange[] = [];
  for (let cursor: string | null = String(after); cursor !== null;) {
    const page: { data: RevenueChange[]; next: string | null } = await api.insist(
      'GET',
      `/v1/revenue-changes?account_id=${accountId}&limit=1000&after=${cursor}`,
    );
    changes.push(...page.data);
    cursor = page.next;
  }
  return changes;
}

/** Numbers that are missing, doubled or out of order when the feed must run from 1 without a gap. */
export function gapsOf(feed: readonly Pick<RevenueChange, 'seq'>[]): string[] {
  return feed
    .flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`position ${index + 1} holds ${seq}`]))
    .slice(0, 5);
}

/** The sums of a feed by currency: `revenue pending conversions`, amounts in units of 1/100,000. */
export function sumFeed(feed: readonly RevenueChange[]): Record<string, string> {
  const sums = new Map<string, { revenue: bigint; pending: bigint; conversions: number }>();
  for (const { currency, revenue, pending_revenue, conversions } of feed) {
    const sum = sums.get(currency) ?? { revenue: 0n, pending: 0n, conversions: 0 };
    sum.revenue += parseSumE5(revenue) ?? 0n;
    sum.pending += parseSumE5(pending_revenue) ?? 0n;
    sum.conversions += conversions;
    sums.set(currency, sum);
  }
  const text = ({ revenue, pending, conversions }: { revenue: bigint; pending: bigint; conversions: number }) =>
    `${revenue} ${pending} ${conversions}`;
  return Object.fromEntries(
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => [currency, text(sum)]),
  );
}
