import { addIntegration } from './integrations.js';
import type { World } from './open-world.js';

/** An offer that takes postbacks, and how one of its URLs is made. */
export interface PostbackOffer {
  readonly accountId: string;
  /** Path and query of a postback that says something new. */
  pathOf(transactionId: string, messageId: string): string;
}

/** An integration with one offer made by hand; its postback URL comes from the API, as a person would get it. */
export async function addPostbackOffer(world: World, accountId: string): Promise<PostbackOffer> {
  const integration = await addIntegration(world, accountId);
  const { id } = await world.api.post<{ id: string }>('/v1/offers', {
    integration_id: integration.id,
    external_id: '100',
    name: 'Offer of the benchmark',
    tracking_url: `https://track.${integration.networkId}.example/aff_c?offer_id=100&aff_id=1002`,
  });
  const config = await world.api.get<{ url: string }>(`/v1/offers/${id}/postback-config`);
  const secret = new URL(config.url).searchParams.get('postback_secret') ?? '';
  const fixed = `/conv/offer?offer_id=${id}&affiliate_id=1002&revenue=2.50&postback_secret=${encodeURIComponent(secret)}`;
  return {
    accountId,
    pathOf: (transactionId, messageId) => `${fixed}&txn_id=${transactionId}&message_id=${messageId}`,
  };
}
