import type { Api } from '../system/call-api.js';
import { ACCOUNT } from '../system/connect-network.js';
import { OTHER_ACCOUNT, type FuzzWorld } from './fuzz-world.js';
import { createKnownThings, type KnownThings } from './known-things.js';

async function learnLists(api: Api, integrationId: string, things: KnownThings): Promise<void> {
  const own = `integration_id=${integrationId}`;
  const lists = [
    `/v1/integrations/${integrationId}`,
    `/v1/integrations/${integrationId}/sync-runs`,
    `/v1/offers?${own}&per_page=1000`,
    `/v1/conversions?${own}&limit=10`,
    `/v1/revenue-changes?${own}&limit=5`,
  ];
  for (const path of lists) things.learnFrom(await api.get(path));
}

/** What there is to name before the first request. */
export async function seedThings({ services, good, others }: FuzzWorld): Promise<KnownThings> {
  const things = createKnownThings();
  things.spare(good.id);
  for (const account of [ACCOUNT, OTHER_ACCOUNT, 'nobody']) things.add('account', account);
  for (const { id, facts, plan, postbackUrls, simulated } of [...others, good]) {
    await learnLists(services.api, id, things);
    for (const url of postbackUrls.values()) things.learnFrom({ url });
    for (const offer of postbackUrls.keys()) things.add('externalOffer', offer);
    for (const { message_id } of facts.messages.slice(0, 20)) things.add('message', message_id);
    for (const { click_id } of facts.clicks.slice(0, 20)) things.add('click', click_id);
    for (const { tuneEventId } of [...simulated.conversions()].slice(0, 10)) {
      things.add('conversionOfTune', tuneEventId);
    }
    // New integrations are with the networks of which nothing is compared.
    if (id !== good.id) things.add('network', plan.spec.id);
    if (id !== good.id) things.add('token', plan.spec.token);
  }
  for (const network of ['spare-1', 'spare-2']) things.add('network', network);
  things.add('token', 'NETunknown');
  return things;
}
