import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createEmptyDatabase,
  readRedisContents,
  tableFingerprint,
  testRedis,
  until,
  type TestDatabase,
} from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { callApi, type Api } from '../system/call-api.js';
import { differencesOf } from '../system/compare-books.js';
import {
  ACCOUNT,
  connectNetwork,
  importOffers,
  plantingFor,
  type ConnectedNetwork,
} from '../system/connect-network.js';
import { findRawIds } from '../system/find-raw-ids.js';
import { findSecrets } from '../system/find-secrets.js';
import { dayAgo, NETWORKS, SHARES } from '../system/networks.js';
import { makeFacts, record, type PlatformFacts } from '../system/platform-facts.js';
import { gapsOf, readFeed } from '../system/revenue-feed.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { pull } from '../system/sync-runs.js';

const CONVERSIONS = 300;
/** Everything that is known of conversions and on the books. */
const FACTS_AND_BOOKS = [
  'conversions',
  'conversion_versions',
  'due_transactions',
  'transaction_lookups',
  'unreadable_rows',
  'decisions',
  'ledger_entries',
  'ledger_feed',
  'ledger_sequence',
  'revenue_totals',
];

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;
const store = testRedis();
const connected: ConnectedNetwork[] = [];
/** For the one route that shows a secret: what it answers is not searched for secrets. */
let quiet: Api;
const postbackSecrets: string[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
  simulator = await startTuneSimulator({ networks: NETWORKS.map(({ spec }) => spec) });
  services = await startServices({
    databaseUrl: database.url,
    redisUrl: store.url,
    queuePrefix: store.prefix,
    tuneApiUrl: simulator.apiUrl,
    env: { PULL_PAGE_ROWS_MAX: '120', LOG_LEVEL: 'debug' },
  });
  await services.ready();
  quiet = callApi(services.api.url, services.secrets.apiKey, false);
  for (const plan of NETWORKS) connected.push(await connectNetwork(services.api, plan));
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

const networkOf = ({ plan }: ConnectedNetwork) => simulator.network(plan.spec.id);
async function allDifferences(): Promise<string[]> {
  const found = connected.map((one) =>
    differencesOf(services.api, one, networkOf(one).books({ affiliateId: one.plan.affiliateId })),
  );
  return (await Promise.all(found)).flat();
}
const fingerprints = () =>
  Promise.all(FACTS_AND_BOOKS.map(async (table) => [table, await tableFingerprint(database.url, table)]));

describe('all services as processes of their own', () => {
  test('keep books that equal both networks to the last digit, by offer, message, day and currency', async () => {
    for (const one of connected) {
      await record(services.api, one.facts);
      networkOf(one).plantConversions({
        ...plantingFor(one),
        ...{ count: CONVERSIONS, from: dayAgo(6), to: dayAgo(1), shares: SHARES },
      });
      const run = await pull(services.api, one.id);
      const { rows, unreadable } = networkOf(one).books({ affiliateId: one.plan.affiliateId });
      expect(run.counts).toMatchObject({ fetched: rows, rejected: unreadable });
    }
    expect(await allDifferences()).toEqual([]);
    expect(gapsOf(await readFeed(services.api, ACCOUNT))).toEqual([]);
  }, 120_000);

  test('write no row and no entry when the same conversions are pulled again', async () => {
    const before = await fingerprints();
    for (const one of connected) {
      const { counts } = await pull(services.api, one.id);
      expect(counts).toMatchObject({ inserted: 0, updated: 0 });
      expect(counts['unchanged']).toBeGreaterThan(CONVERSIONS / 2);
    }
    expect(await fingerprints()).toEqual(before);
  }, 120_000);

  test('follow what the networks change later, and late messages and clicks, to the last digit', async () => {
    for (const one of connected) {
      const late = plantLate(one);
      networkOf(one).changeConversions({ count: 60, affiliateId: one.plan.affiliateId });
      await pull(services.api, one.id);
      await record(services.api, late);
    }
    await until('the books agree again', 60_000, async () => (await allDifferences()).length === 0);
    expect(await allDifferences()).toEqual([]);
    expect(gapsOf(await readFeed(services.api, ACCOUNT))).toEqual([]);
  }, 120_000);

  test('book a conversion once that comes by postback and by pull, and know a repeated postback', async () => {
    for (const one of connected) {
      const offers = await importOffers(services.api, one);
      const planted = networkOf(one).plantConversions({
        ...plantingFor(one),
        ...{ count: 40, from: dayAgo(3), to: dayAgo(1), shares: { sameClick: 0.1 } },
      });
      const fresh = [...networkOf(one).conversions({ affiliateId: one.plan.affiliateId })].slice(-planted.count);
      for (const [externalId, id] of offers) {
        const { url } = await quiet.get<{ url: string }>(`/v1/offers/${id}/postback-config`);
        postbackSecrets.push(new URL(url).searchParams.get('postback_secret') ?? '');
        const ofOffer = fresh.filter(({ offerId, adId }) => offerId === externalId && adId !== null);
        const fired = await networkOf(one).firePostbacks(url, ofOffer, { times: 2, concurrency: 3 });
        expect(fired.filter(({ status }) => status !== 200)).toEqual([]);
      }
      await pull(services.api, one.id);
    }
    await until('the books agree', 60_000, async () => (await allDifferences()).length === 0);
    expect(await allDifferences()).toEqual([]);
    expect(gapsOf(await readFeed(services.api, ACCOUNT))).toEqual([]);
  }, 120_000);

  test('show no token, key or secret in any log line, job, answer or error', async () => {
    const { api } = services;
    const [first] = connected;
    // Errors too: TUNE repeats the token inside its refusals.
    simulator.faults.next('token_rejected', { times: 5 });
    await api.ask('POST', `/v1/integrations/${first?.id}/test-connection`, {});
    const failing = await api.insist<{ id: string }>('POST', `/v1/integrations/${first?.id}/conversion-syncs`, {});
    await until(
      'the run has failed',
      60_000,
      async () => (await api.get<{ status: string }>(`/v1/sync-runs/${failing.id}`)).status === 'failed',
    );
    simulator.faults.clear();
    await api.ask('GET', '/v1/integrations', undefined, { 'x-api-key': `${services.secrets.apiKey}x` });
    await api.ask('GET', `/v1/integrations/${first?.id}/logs?limit=1000`);
    await api.ask('GET', `/v1/integrations/${first?.id}`);
    await api.ask('POST', '/v1/integrations', { network_token: NETWORKS[0]?.spec.token, wrong: true });
    const secrets: Record<string, string> = { ...services.secrets };
    for (const { spec } of NETWORKS) secrets[`token of ${spec.id}`] = spec.token;
    expect(postbackSecrets.length).toBeGreaterThan(3);
    for (const [index, secret] of postbackSecrets.entries()) secrets[`postback secret ${index}`] = secret;
    const places = {
      'the log': [...services.lines(), ...services.supervision],
      Redis: await readRedisContents(store.url, store.prefix),
      'an answer': api.texts,
    };
    for (const texts of Object.values(places)) expect(texts.length).toBeGreaterThan(10);
    expect(findSecrets(secrets, places)).toEqual([]);
  }, 120_000);

  test('name records by the ids that callers see in every log line, job, metric and line of an integration’s log', async () => {
    const logs = await Promise.all(
      connected.map(({ id }) => services.api.get<{ data: object[] }>(`/v1/integrations/${id}/logs?limit=1000`)),
    );
    const metrics = await Promise.all(
      services.all.map(async ({ url, name }) => {
        const headers = name === 'api' ? { 'x-api-key': services.secrets.apiKey } : {};
        const answer = await fetch(`${url}/metrics`, { headers });
        expect(answer.status).toBe(200);
        return answer.text();
      }),
    );
    const places = {
      'the log': services.lines(),
      'the logs of integrations': logs.flatMap(({ data }) => data.map((line) => JSON.stringify(line))),
      metrics: metrics.flatMap((text) => text.split('\n')),
      Redis: await readRedisContents(store.url, store.prefix),
    };
    for (const texts of Object.values(places)) expect(texts.length).toBeGreaterThan(3);
    expect(places['the log'].some((line) => line.includes(`"integration_id":"${connected[0]?.id}"`))).toBe(true);
    expect(Object.entries(places).map(([place, texts]) => [place, findRawIds(texts)])).toEqual(
      Object.keys(places).map((place) => [place, []]),
    );
  });

  test('say their name and process at each start and nothing on the way that is no log line', () => {
    for (const { name, lines, process: one } of services.all) {
      expect(lines.some((line) => line.includes(`service=${name} pid=${one.pid()}`))).toBe(true);
    }
    expect(services.supervision.filter((line) => line.includes('died'))).toEqual([]);
  });
});

/** Messages and clicks of conversions that are there already: the network has them, the platform tells of them late. */
function plantLate(one: ConnectedNetwork): PlatformFacts {
  const facts = makeFacts(ACCOUNT, `${one.plan.spec.id}-late`, 20);
  networkOf(one).plantConversions({
    ...plantingFor({ ...one, facts }),
    ...{ count: 60, from: dayAgo(4), to: dayAgo(1), shares: { pending: 0.2 } },
  });
  return facts;
}
