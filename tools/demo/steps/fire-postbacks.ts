import { setTimeout as sleep } from 'node:timers/promises';
import { formatAmountE5, parseSumE5 } from '@trackly-tune/domain';
import type { DemoIntegration, DemoStep, DemoWorld } from '../demo-world.js';
import { readRevenue } from '../read-revenue.js';

const CONVERSIONS = 12;
const POLL_MS = 200;
const TIMEOUT_MS = 60_000;

/** Conversions of one offer, a minute ago; their event ids rise by one. */
async function convertNow(world: DemoWorld, { network, facts }: DemoIntegration, offer: string): Promise<string[]> {
  const at = new Date(world.now - 24 * 3_600_000).toISOString().slice(0, 10);
  const { count, firstEventId } = await world.networks.plant(network.spec.id, {
    count: CONVERSIONS,
    from: at,
    to: at,
    offerIds: [offer],
    messageIds: facts.messages.map(({ message_id }) => message_id),
    messageIdField: network.messageIdField,
  });
  return Array.from({ length: count }, (_, index) => String(BigInt(firstEventId ?? 0) + BigInt(index)));
}

/** The amounts that only postbacks say so far, by currency. */
async function readUnconfirmed({ api }: DemoWorld, { id }: DemoIntegration): Promise<string> {
  const sums = new Map<string, bigint>();
  for (const { currency, unconfirmed_revenue } of await readRevenue(api, id, 'offer')) {
    sums.set(currency, (sums.get(currency) ?? 0n) + (parseSumE5(unconfirmed_revenue) ?? 0n));
  }
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(([currency, sum]) => `${formatAmountE5(sum)} ${currency}`)
    .join(', ');
}

/** Waits until every postback's conversion is decided; its entries are numbered a moment later. */
async function untilCounted(world: DemoWorld, integration: DemoIntegration, conversions: number): Promise<void> {
  const path = `/v1/integrations/${integration.id}/postbacks?status=counted&limit=1000`;
  for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline;) {
    const { data } = await world.api.get<{ data: unknown[] }>(path);
    if (data.length >= conversions && (await readUnconfirmed(world, integration)) !== '') return;
    await sleep(POLL_MS, undefined, { signal: world.signal });
  }
  throw new Error('The postbacks were not counted in time');
}

/** TUNE tells of conversions by postback before any pull has seen them; the next pull lands on the same records. */
export const firePostbacks: DemoStep = {
  title: 'New conversions are told by postback, before any pull has seen them',
  async run(world) {
    const { api, networks, narrator } = world;
    for (const integration of world.integrations) {
      const { spec } = integration.network;
      const [external, offer] = [...integration.offerIds][0] ?? ['', ''];
      const eventIds = await convertNow(world, integration, external);
      const { url } = await api.get<{ url: string }>(`/v1/offers/${offer}/postback-config`);
      // TUNE may send one twice: the second is known as the same.
      const statuses = await networks.firePostbacks(spec.id, url, [...eventIds, ...eventIds.slice(0, 3)]);
      const accepted = statuses.filter((status) => status === 200).length;
      if (accepted !== statuses.length) throw new Error(`${spec.id}: postbacks were refused: ${statuses.join(' ')}`);
      await untilCounted(world, integration, eventIds.length);
      narrator.say(
        `${spec.id}: ${statuses.length} postbacks, ${eventIds.length} conversions; unconfirmed until the pull: ${await readUnconfirmed(world, integration)}`,
      );
    }
  },
};
