import { clickIdOf, messageIdOf } from './platform-facts.js';
import type { World } from './open-world.js';

const AFFILIATE = '1002';
const DAY_MS = 86_400_000;

export interface BenchIntegration {
  /** Public id. */
  readonly id: string;
  readonly networkId: string;
  readonly accountId: string;
}

/** Days before today as `YYYY-MM-DD` in UTC, which is the zone of every simulated network here. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** The one window that benchmarks pull: six days, all of them over. */
export const WINDOW = { from: daysAgo(6), to: daysAgo(1) };

let networks = 0;

/** A network of its own without a rate limit, and an integration with it that syncs only when it is told to. */
export async function addIntegration(
  world: World,
  accountId: string,
  spec: { offers?: number; messageIdField?: string; latencyMs?: number } = {},
): Promise<BenchIntegration> {
  const networkId = `net${++networks}`;
  const token = `NET${networkId}-token`;
  const offers = Array.from({ length: spec.offers ?? 20 }, (_, index) => ({
    id: String(100 + index),
    name: `Offer ${index}`,
    defaultPayout: `${1 + (index % 50)}.25000`,
  }));
  await world.simulator.addNetwork({
    ...{ id: networkId, token, timeZone: 'UTC', rateLimit: null, offers, seed: networks },
    latencyMs: spec.latencyMs ?? 0,
  });
  const { id } = await world.api.post<{ id: string }>('/v1/integrations', {
    account_id: accountId,
    name: networkId,
    network_id: networkId,
    network_token: token,
    base_url: `https://track.${networkId}.example`,
    affiliate_id: AFFILIATE,
    message_id_field: spec.messageIdField ?? 'aff_sub',
    conversion_sync_enabled: false,
    time_zone: 'UTC',
    default_currency: 'USD',
  });
  return { id, networkId, accountId };
}

/** Conversions of the window, four tenths by a click, four tenths by a message, the rest by nothing. */
export async function plant(
  world: World,
  integration: BenchIntegration,
  options: { count: number; messages: number; clicks: number },
): Promise<void> {
  await world.simulator.network(integration.networkId).plantConversions({
    count: options.count,
    ...WINDOW,
    messageIds: Array.from({ length: options.messages }, (_, index) => messageIdOf(index)),
    clicks: Array.from({ length: options.clicks }, (_, index) => ({
      clickId: clickIdOf(index),
      messageId: messageIdOf(index % options.messages),
    })),
    shares: { withoutIds: 0.2, pending: 0.1, rejected: 0.05 },
  });
}

/** Conversions of the window, each by a click of its own transaction, all of them approved. */
export async function plantClicked(
  world: World,
  integration: BenchIntegration,
  options: { count: number; messages: number; clicks: number },
): Promise<void> {
  await world.simulator.network(integration.networkId).plantConversions({
    count: options.count,
    ...WINDOW,
    clicks: Array.from({ length: options.clicks }, (_, index) => ({
      clickId: clickIdOf(index),
      messageId: messageIdOf(index % options.messages),
    })),
    shares: { withoutIds: 0, pending: 0, rejected: 0 },
  });
}
