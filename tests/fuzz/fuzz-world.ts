import { randomBytes } from 'node:crypto';
import { freePort } from '@trackly-tune/embedded-stores';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { postbackUrlsOf, QUICK_TIMES, type CrashNetwork } from '../crash/crash-world.js';
import { ACCOUNT, connectNetwork, importOffers, plantingFor } from '../system/connect-network.js';
import { dayAgo, NETWORKS, SHARES, THIRD_NETWORK, type NetworkPlan } from '../system/networks.js';
import { openOwnStores, type OwnStores } from '../system/own-stores.js';
import { record } from '../system/platform-facts.js';
import { startServices, type RunningServices } from '../system/start-services.js';

export const OTHER_ACCOUNT = 'birch';
const MESSAGES = 40;
const CONVERSIONS = 60;

export interface FuzzWorld {
  readonly stores: OwnStores;
  readonly simulator: TuneSimulator;
  readonly services: RunningServices;
  readonly postbacksUrl: string;
  readonly keys: Readonly<Record<'all' | 'acme' | 'birch', string>>;
  /** Its settings stay as they are: in the end its books must equal the network's. */
  readonly good: CrashNetwork;
  /** Whatever is done to them is well done: one of the same account, one of another. */
  readonly others: readonly CrashNetwork[];
  close(): Promise<void>;
}

/** An integration with its facts, conversions and imported offers. */
async function openNetwork(
  services: RunningServices,
  simulator: TuneSimulator,
  plan: NetworkPlan,
  accountId: string,
): Promise<CrashNetwork> {
  const { api } = services;
  const connected = await connectNetwork(api, plan, MESSAGES, accountId);
  const simulated = simulator.network(plan.spec.id);
  simulated.plantConversions({
    ...plantingFor(connected),
    ...{ count: CONVERSIONS, from: dayAgo(5), to: dayAgo(1), shares: SHARES, seed: 1 },
  });
  await record(api, connected.facts);
  const offers = await importOffers(api, connected);
  return { ...connected, simulated, postbackUrls: await postbackUrlsOf(services, offers) };
}

/** Stores, networks and services of their own; postbacks have a port of their own. */
export async function openFuzzWorld(): Promise<FuzzWorld> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const plans = [...NETWORKS, THIRD_NETWORK];
    const stores = await openOwnStores();
    closers.push(() => stores.close());
    const simulator = await startTuneSimulator({ networks: plans.map(({ spec }) => ({ ...spec, rateLimit: null })) });
    closers.push(() => simulator.close());
    const accountKeys = [ACCOUNT, OTHER_ACCOUNT].map((account) => ({
      account,
      key: randomBytes(24).toString('base64url'),
    }));
    const postbackPort = await freePort();
    const services = await startServices({
      databaseUrl: stores.postgres.url,
      redisUrl: stores.redis.url,
      queuePrefix: `fuzz_${process.pid}`,
      tuneApiUrl: simulator.apiUrl,
      moreApiKeys: accountKeys.map(({ account, key }) => `${account}:${key}:${account}`),
      env: { ...QUICK_TIMES, POSTBACK_PORT: String(postbackPort), NODE_OPTIONS: '--trace-warnings' },
    });
    closers.push(() => services.stop());
    await services.ready();
    const [goodPlan, ...otherPlans] = plans;
    if (goodPlan === undefined) throw new Error('There is no network');
    const good = await openNetwork(services, simulator, goodPlan, ACCOUNT);
    const others: CrashNetwork[] = [];
    for (const [index, plan] of otherPlans.entries()) {
      others.push(await openNetwork(services, simulator, plan, index === 0 ? ACCOUNT : OTHER_ACCOUNT));
    }
    const [acme, birch] = accountKeys.map(({ key }) => key);
    return {
      ...{ stores, simulator, services, good, others, close },
      postbacksUrl: `http://127.0.0.1:${postbackPort}`,
      keys: { all: services.secrets.apiKey, acme: acme ?? '', birch: birch ?? '' },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
