import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultKind, NetworkSpec } from '@trackly-tune/tune-simulator';
import { sql } from 'kysely';
import { until } from '@trackly-tune/testing';
import { startIntegrationsApp, type IntegrationsApp, type Reply } from './integrations-app.js';
import { startSimulatedTune, type SimulatedTune } from './simulated-tune.js';

const TOKEN = 'NETs3cretT0kenForTests';
const WRONG = 'NETwr0ngT0kenOfSomebody';

let simulated: SimulatedTune;
let world: IntegrationsApp;
let made = 0;
beforeAll(async () => {
  simulated = await startSimulatedTune();
  world = await startIntegrationsApp({ tune: simulated.tune });
});
afterEach(() => simulated.simulator.faults.clear());
afterAll(async () => {
  await world.close();
  await simulated.close();
});

const network = (spec: Partial<NetworkSpec> = {}, { simulator } = simulated) =>
  simulator.addNetwork({ id: `looked-at-${++made}`, token: TOKEN, rateLimit: null, ...spec });
const wish = (networkId: string, rest: object = {}) => ({
  account_id: 'acc',
  name: 'A network',
  network_id: networkId,
  network_token: TOKEN,
  base_url: 'https://go.example.com',
  affiliate_id: '1002',
  time_zone: 'Europe/Kiev',
  default_currency: 'EUR',
  ...rest,
});
const create = (networkId: string, rest: object = {}, idempotencyKey?: string, app = world) =>
  app.call('POST', '/v1/integrations', wish(networkId, rest), idempotencyKey === undefined ? {} : { idempotencyKey });
const codesOf = ({ status, body, text }: Reply, expected = 201) => {
  expect({ status, text }).toMatchObject({ status: expected });
  for (const token of [TOKEN, WRONG]) expect(text).not.toContain(token);
  return (body['warnings'] as { code: string; message: string }[]).map(({ code }) => code);
};
const logCodes = async (reply: Reply) => {
  const rows = await world.db
    .selectFrom('integration_log')
    .select(['code', 'message'])
    .where('integration_id', '=', BigInt(String(reply.body['id']).slice('int_'.length)))
    .where('level', '=', 'warn')
    .orderBy('id')
    .execute();
  for (const { message } of rows) expect(message).not.toMatch(/NET\w+/);
  return rows.map(({ code }) => code);
};

describe('a creation', () => {
  test('with credentials that are right warns of nothing, at the price of one call', async () => {
    const { id, calls } = network();
    const reply = await create(id);
    expect(codesOf(reply)).toEqual([]);
    expect(await logCodes(reply)).toEqual([]);
    expect(calls().total).toBe(1);
  });

  test.each<[string, Partial<NetworkSpec>, object, string]>([
    ['a token that TUNE refuses', {}, { network_token: WRONG }, 'token_rejected'],
    ['an affiliate that TUNE does not know', {}, { affiliate_id: '4711' }, 'affiliate_not_found'],
    ['an address that is not allowed', { ipAllowed: false }, {}, 'ip_not_allowed'],
    ['no permission to look', { capabilities: { 'Affiliate::findById': false } }, {}, 'permission_denied'],
  ])('with %s is done, and warns in the answer and in the log', async (_title, spec, rest, code) => {
    const reply = await create(network(spec).id, rest);
    expect(codesOf(reply)).toEqual([code]);
    expect(await logCodes(reply)).toEqual([code]);
  });

  test('asks the network for what is not given', async () => {
    const { id } = network({ timeZone: 'Europe/Prague', currencies: ['CZK', 'EUR'] });
    const reply = await create(id, { time_zone: undefined, default_currency: undefined });
    expect(codesOf(reply)).toEqual([]);
    expect(reply.body).toMatchObject({
      time_zone: 'Europe/Prague',
      time_zone_source: 'asked',
      default_currency: 'CZK',
      currency_source: 'asked',
    });
  });

  test('for a network that nobody knows warns of it', async () => {
    expect(codesOf(await create('no-such-network'))).toEqual(['network_not_found']);
  });

  test.each<[FaultKind, string]>([
    ['proxy_page', 'not_tune'],
    ['html', 'not_tune'],
    ['unavailable', 'service_unavailable'],
    ['rate_limit', 'rate_limited'],
    ['odd_refusal', 'tune_error'],
    ['cut_off', 'response_truncated'],
    ['hang', 'unreachable'],
  ])('is done although the look meets %s, and says that nothing was learnt', async (fault, code) => {
    const { id } = network({ timeZone: 'Europe/Prague' });
    simulated.simulator.faults.next(fault, { network: id, times: 9 });
    const reply = await create(id, { time_zone: undefined });
    expect(codesOf(reply)).toEqual([code, 'time_zone_assumed']);
    expect(reply.body).toMatchObject({
      time_zone: 'America/New_York',
      time_zone_source: 'assumed',
      currency_source: 'given',
    });
    expect(JSON.stringify(reply.body['warnings'])).toContain('Token and affiliate were not checked');
  });

  test('holds no transaction while the network is looked at', async () => {
    const { id } = network();
    simulated.simulator.faults.next('hang', { network: id, times: 9 });
    const before = simulated.simulator.faults.met().hang ?? 0;
    const creation = create(id);
    await until('the look', 10_000, () => (simulated.simulator.faults.met().hang ?? 0) > before);
    const held = await sql<{ held: number }>`
      SELECT count(*)::int AS held FROM pg_stat_activity
      WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`.execute(world.db);
    expect(held.rows).toEqual([{ held: 0 }]);
    expect(codesOf(await creation)).toEqual(['unreachable']);
  });

  test('asked again under its Idempotency-Key gives the same warnings and asks the network nothing', async () => {
    const { id, calls } = network();
    const first = await create(id, { network_token: WRONG }, 'create-once');
    const asked = calls().total;
    const again = await create(id, { network_token: WRONG }, 'create-once');
    expect(again).toEqual(first);
    expect(codesOf(again)).toEqual(['token_rejected']);
    expect(calls().total).toBe(asked);
  });

  test('that is a conflict asks the network nothing', async () => {
    const { id, calls } = network();
    await create(id);
    const asked = calls().total;
    expect((await create(id)).status).toBe(409);
    expect(calls().total).toBe(asked);
  });
});

describe('a change', () => {
  test('of the token warns of one that TUNE refuses; of anything else it asks nothing', async () => {
    const { id, calls } = network();
    const { body } = await create(id);
    const at = `/v1/integrations/${String(body['id'])}`;
    const changed = await world.call('PATCH', at, { network_token: WRONG });
    expect(codesOf(changed, 200)).toEqual(['token_rejected']);
    expect(await logCodes(changed)).toEqual(['token_rejected']);
    const asked = calls().total;
    expect(codesOf(await world.call('PATCH', at, { name: 'Another name' }), 200)).toEqual([]);
    expect(calls().total).toBe(asked);
    expect(codesOf(await world.call('PATCH', at, { network_token: TOKEN }), 200)).toEqual([]);
  });

  test('of a deleted integration is refused without a look; a restoration looks at what is stored', async () => {
    const { id, calls, configure } = network();
    const { body } = await create(id);
    const at = `/v1/integrations/${String(body['id'])}`;
    await world.call('DELETE', at);
    const asked = calls().total;
    expect((await world.call('PATCH', at, { network_token: WRONG })).status).toBe(409);
    expect(calls().total).toBe(asked);
    configure({ token: 'NETanotherTokenByNow' });
    const restored = await world.call('POST', `${at}/restore`);
    expect(codesOf(restored, 200)).toEqual(['token_rejected']);
    expect(await logCodes(restored)).toEqual(['token_rejected']);
    expect((await world.call('POST', `${at}/restore`)).status).toBe(409);
    expect(calls().total).toBe(asked + 1);
  });
});

describe('the rate budget', () => {
  test('that has no turn left, or no Redis, keeps nobody from creating, and is a warning', async () => {
    const own = await startSimulatedTune({ calls: 1 });
    const app = await startIntegrationsApp({ tune: own.tune });
    try {
      const { id, calls } = network({}, own);
      expect(codesOf(await create(id, {}, undefined, app))).toEqual([]);
      expect(codesOf(await create(id, { affiliate_id: '1003' }, undefined, app))).toEqual(['budget_unavailable']);
      own.loseRedis();
      expect(codesOf(await create(id, { affiliate_id: '1004' }, undefined, app))).toEqual(['budget_unavailable']);
      expect(calls().total).toBe(1);
    } finally {
      await app.close();
      await own.close();
    }
  });
});
