import type { PlantOptions } from '@trackly-tune/tune-simulator';
import type { Api } from './call-api.js';
import type { NetworkPlan } from './networks.js';
import { makeFacts, type PlatformFacts } from './platform-facts.js';
import { waitForRun, type SyncRun } from './sync-runs.js';

export const ACCOUNT = 'acme';

/** An integration with a simulated network, and what the platform sent for it. */
export interface ConnectedNetwork {
  readonly plan: NetworkPlan;
  /** Public id of the integration. */
  readonly id: string;
  readonly facts: PlatformFacts;
}

export async function connectNetwork(
  api: Api,
  plan: NetworkPlan,
  messages = 60,
  accountId = ACCOUNT,
): Promise<ConnectedNetwork> {
  const { spec, affiliateId, messageIdField, clickIdField } = plan;
  const { id } = await api.insist<{ id: string }>('POST', '/v1/integrations', {
    account_id: accountId,
    name: `Integration with ${spec.id}`,
    network_id: spec.id,
    network_token: spec.token,
    base_url: `https://track.${spec.id}.example`,
    affiliate_id: affiliateId,
    message_id_field: messageIdField,
    // The transaction id is looked at in any case.
    click_id_field: clickIdField === 'ad_id' ? null : clickIdField,
  });
  return { plan, id, facts: makeFacts(accountId, spec.id, messages) };
}

/** How conversions are planted that the facts of this network explain. */
export function plantingFor({ plan, facts }: ConnectedNetwork): Omit<PlantOptions, 'count' | 'from' | 'to'> {
  return {
    affiliateId: plan.affiliateId,
    messageIds: facts.messages.map(({ message_id }) => message_id),
    messageIdField: plan.messageIdField,
    clicks: facts.clicks.map(({ click_id, message_id }) => ({ clickId: click_id, messageId: message_id })),
    clickIdField: plan.clickIdField,
  };
}

/** Fetches the catalogue and imports all of it. Returns our public offer ids by TUNE's. */
export async function importOffers(api: Api, { id }: ConnectedNetwork): Promise<ReadonlyMap<string, string>> {
  const at = `/v1/integrations/${id}`;
  await waitForRun(api, await api.insist<SyncRun>('POST', `${at}/offer-syncs`, {}));
  const available = await api.insist<{ data: { external_id: string }[] }>(
    'GET',
    `${at}/available-offers?per_page=1000`,
  );
  const external_ids = available.data.map(({ external_id }) => external_id);
  await waitForRun(api, await api.insist<SyncRun>('POST', `${at}/offers/import`, { external_ids }));
  const offers = await api.insist<{ data: { id: string; external_id: string }[] }>(
    'GET',
    `/v1/offers?integration_id=${id}&per_page=1000`,
  );
  return new Map(offers.data.map((offer) => [offer.external_id, offer.id]));
}
