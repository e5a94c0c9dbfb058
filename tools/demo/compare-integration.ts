import { compareBooks, type BookEntry, type ComparedEntry } from './compare-books.js';
import type { DemoIntegration, DemoWorld } from './demo-world.js';
import { readRevenue, type RevenueRow } from './read-revenue.js';
import type { BookLine } from './simulated-network.js';

export interface IntegrationComparison {
  readonly byOffer: ComparedEntry[];
  readonly byCreative: ComparedEntry[];
  readonly byMessage: ComparedEntry[];
  readonly agrees: boolean;
}

const ours = (key: (row: RevenueRow) => string | null, rows: readonly RevenueRow[]): BookEntry[] =>
  rows.map((row) => ({ ...row, key: key(row), pending: row.pending_revenue }));
const theirs = <Line extends BookLine>(key: (line: Line) => string | null, lines: readonly Line[]): BookEntry[] =>
  lines.map((line) => ({ ...line, key: key(line) }));

/** An integration's revenue by offer, creative and message, as the API tells it, beside its network's own books. */
export async function compareIntegration(
  { api, networks }: DemoWorld,
  { id, network, facts }: DemoIntegration,
): Promise<IntegrationComparison> {
  const books = await networks.books(network.spec.id, network.affiliateId);
  const creativeOf = new Map(facts.messages.map(({ message_id, creative_id }) => [message_id, creative_id]));
  const byOffer = compareBooks(
    ours(({ external_offer_id }) => external_offer_id ?? null, await readRevenue(api, id, 'offer')),
    theirs(({ offerId }) => offerId, books.byOffer),
  );
  const byCreative = compareBooks(
    ours(({ key }) => key, await readRevenue(api, id, 'creative')),
    theirs(({ messageId }) => (messageId === null ? null : (creativeOf.get(messageId) ?? null)), books.byMessage),
  );
  const byMessage = compareBooks(
    ours(({ key }) => key, await readRevenue(api, id, 'message')),
    theirs(({ messageId }) => messageId, books.byMessage),
  );
  const agrees = [...byOffer, ...byCreative, ...byMessage].every((entry) => entry.agrees);
  return { byOffer, byCreative, byMessage, agrees };
}
