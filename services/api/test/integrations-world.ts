import { afterAll, beforeAll, expect } from '@jest/globals';
import { startIntegrationsApp, type IntegrationsApp } from './integrations-app.js';
import { networksAway } from './networks-away.js';

export const TOKEN = 'NETabcdefghijkWXYZ';
export const asked: string[] = [];

export let world: IntegrationsApp;
let made = 0;
/** Starts `world` for the tests of a file. */
export function useIntegrationsWorld(): void {
  beforeAll(async () => {
    world = await startIntegrationsApp({ tune: networksAway((networkId) => void asked.push(networkId)) });
  });
  afterAll(() => world.close());
}

export const wish = (rest: object = {}) => ({
  account_id: 'acc',
  name: 'A network',
  network_id: `network-${++made}`,
  network_token: TOKEN,
  base_url: 'https://clicks.example.com/',
  affiliate_id: '1002',
  time_zone: 'Europe/Berlin',
  default_currency: 'EUR',
  ...rest,
});
export const create = async (rest: object = {}) => {
  const { status, body } = await world.call('POST', '/v1/integrations', wish(rest));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body as Record<string, unknown> & { id: string };
};
export const numberOf = (id: string) => BigInt(id.slice('int_'.length));
export const logOf = async (id: string) =>
  world.db
    .selectFrom('integration_log')
    .select(['level', 'code', 'message', 'context'])
    .where('integration_id', '=', numberOf(id))
    .orderBy('id')
    .execute();
