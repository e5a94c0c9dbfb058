import { startTuneSimulator, type SimulatedNetwork, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { connectNetwork, importOffers, type ConnectedNetwork } from '../system/connect-network.js';
import { NETWORKS, THIRD_NETWORK } from '../system/networks.js';
import { openOwnStores, type OwnStores } from '../system/own-stores.js';
import { startServices, type ProgramOf, type RunningServices } from '../system/start-services.js';

/** An integration in the middle of it all. */
export interface CrashNetwork extends ConnectedNetwork {
  readonly simulated: SimulatedNetwork;
  /** Postback URLs, ready for TUNE, by TUNE's offer id. */
  readonly postbackUrls: ReadonlyMap<string, string>;
}

export interface CrashWorld {
  readonly stores: OwnStores;
  readonly simulator: TuneSimulator;
  readonly services: RunningServices;
  readonly networks: readonly CrashNetwork[];
  close(): Promise<void>;
}

/** Two copies of each worker, so that a job that stalls has two who want it. */
const COPIES = { 'offer-sync': 1, 'conversion-sync': 2, attribution: 2 };
/** Shorter than in production, so that what a dead process held is taken over within a test's time. */
export const QUICK_TIMES = {
  NETWORK_LEASE_MS: '6000',
  DIRECT_AFTER_MS: '2000',
  RETRY_AFTER_MS: '1000',
  PULL_PAGE_ROWS_MAX: '40',
  ATTRIBUTION_BATCH_MAX: '25',
  TUNE_RATE_LIMIT: '100/2',
};
/** Postback URLs, ready for TUNE, by TUNE's offer id. */
export async function postbackUrlsOf(
  { api }: RunningServices,
  offers: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>();
  for (const [externalId, id] of offers) {
    const { url } = await api.insist<{ url: string }>('GET', `/v1/offers/${id}/postback-config`);
    urls.set(externalId, url);
  }
  return urls;
}

/** How a world differs from today's services on their own schema. */
export interface CrashWorldOptions {
  /** Default: from the sources. */
  readonly programOf?: ProgramOf;
}

/** Stores, networks and services of their own, with integrations whose offers are imported. */
export async function openCrashWorld(messages: number, options: CrashWorldOptions = {}): Promise<CrashWorld> {
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
    const services = await startServices({
      databaseUrl: stores.postgres.url,
      redisUrl: stores.redis.url,
      queuePrefix: `crash_${process.pid}`,
      tuneApiUrl: simulator.apiUrl,
      copies: COPIES,
      env: QUICK_TIMES,
      timing: { firstMs: 100, maxMs: 1_000, resetAfterMs: 10_000 },
      ...options,
    });
    closers.push(() => services.stop());
    await services.ready();
    const networks: CrashNetwork[] = [];
    for (const plan of plans) {
      const connected = await connectNetwork(services.api, plan, messages);
      const offers = await importOffers(services.api, connected);
      const postbackUrls = await postbackUrlsOf(services, offers);
      networks.push({ ...connected, simulated: simulator.network(plan.spec.id), postbackUrls });
    }
    return { stores, simulator, services, networks, close };
  } catch (error) {
    await close();
    throw error;
  }
}
