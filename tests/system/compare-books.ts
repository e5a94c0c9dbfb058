import type { Books } from '@trackly-tune/tune-simulator';
import { compareBooks, type BookEntry, type ComparedEntry } from '../../tools/demo/compare-books.js';
import { readRevenue, type RevenueRow } from '../../tools/demo/read-revenue.js';
import type { Api } from './call-api.js';
import type { ConnectedNetwork } from './connect-network.js';

type Line = Books['totals'][number];

const ours = (key: (row: RevenueRow) => string | null, rows: readonly RevenueRow[]): BookEntry[] =>
  rows.map((row) => ({ ...row, key: key(row), pending: row.pending_revenue }));
const theirs = <One extends Line>(key: (line: One) => string | null, lines: readonly One[]): BookEntry[] =>
  lines.map((line) => ({ ...line, key: key(line) }));

function describe(by: string, { key, currency, revenue, pending, conversions }: ComparedEntry): string {
  const pair = ({ ours: a, theirs: b }: { ours: bigint | number; theirs: bigint | number }) => `${a}/${b}`;
  return `${by} ${key ?? 'none'} ${currency}: revenue ${pair(revenue)}, pending ${pair(pending)}, conversions ${pair(conversions)}`;
}

/**
 * Holds the books of an integration, as the API tells them, against the network's own: by offer, message, day and by
 * offer of each day, each in its currency, to the last digit. Returns what differs (ours/theirs).
 */
export async function differencesOf(api: Api, { id, plan }: ConnectedNetwork, books: Books): Promise<string[]> {
  const differing = (by: string, mine: readonly BookEntry[], other: readonly BookEntry[]): string[] =>
    compareBooks(mine, other)
      .filter(({ agrees }) => !agrees)
      .map((entry) => describe(`${plan.spec.id} ${by}`, entry));
  const byKey = async (group: string): Promise<BookEntry[]> =>
    ours(({ key }) => key, await readRevenue(api, id, group));
  const byOffer = async (days = ''): Promise<BookEntry[]> =>
    ours(({ external_offer_id }) => external_offer_id ?? null, await readRevenue(api, id, `offer${days}`));
  const differences = [
    ...differing(
      'offer',
      await byOffer(),
      theirs(({ offerId }) => offerId, books.byOffer),
    ),
    ...differing(
      'message',
      await byKey('message'),
      theirs(({ messageId }) => messageId, books.byMessage),
    ),
    ...differing(
      'day',
      await byKey('day'),
      theirs(({ day }) => day, books.byDay),
    ),
  ];
  for (const day of new Set(books.byDay.map((line) => line.day))) {
    const lines = books.byOfferAndDay.filter((line) => line.day === day);
    const mine = await byOffer(`&from=${day}&to=${day}`);
    differences.push(
      ...differing(
        `${day} offer`,
        mine,
        theirs(({ offerId }) => offerId, lines),
      ),
    );
  }
  return differences;
}
