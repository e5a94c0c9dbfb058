import { startTuneSimulator } from '@trackly-tune/tune-simulator';
import { until } from '@trackly-tune/testing';
import { connectNetwork, plantingFor } from '../system/connect-network.js';
import { dayAgo, type NetworkPlan } from '../system/networks.js';
import { startServices } from '../system/start-services.js';
import { endOfRun, type SyncRun } from '../system/sync-runs.js';

const planOf = (id: string, seed: number): NetworkPlan => ({
  spec: { id, token: `NET${id}`, seed, rateLimit: null },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
});

/**
 * How long one network's pull takes while so many others hang, each in the middle of a call that never ends.
 * Seconds from the order to the end of the run.
 */
export async function pullBesideHanging(options: {
  databaseUrl: string;
  redisUrl: string;
  queuePrefix: string;
  hanging: number;
}): Promise<{ status: string; seconds: number; hanging: number }> {
  const stuck = Array.from({ length: options.hanging }, (_, index) => planOf(`stuck-${index}`, index + 1));
  const healthy = planOf('healthy', 99);
  const simulator = await startTuneSimulator({ networks: [...stuck, healthy].map(({ spec }) => spec) });
  const services = await startServices({ ...options, tuneApiUrl: simulator.apiUrl });
  try {
    await services.ready();
    for (const { spec } of stuck) {
      simulator.faults.set({ network: spec.id, method: 'Report::getConversions', rate: 1, kinds: ['hang'] });
    }
    const order = (id: string): Promise<SyncRun> =>
      services.api.insist('POST', `/v1/integrations/${id}/conversion-syncs`, {});
    for (const plan of stuck) await order((await connectNetwork(services.api, plan, 1)).id);
    await until('all of them hang', 120_000, () => (simulator.faults.met().hang ?? 0) >= options.hanging);
    const connected = await connectNetwork(services.api, healthy, 10);
    const network = simulator.network(healthy.spec.id);
    network.plantConversions({ ...plantingFor(connected), count: 200, from: dayAgo(5), to: dayAgo(1) });
    const startedAt = Date.now();
    const { status } = await endOfRun(services.api, await order(connected.id), 120_000);
    return { status, seconds: (Date.now() - startedAt) / 1_000, hanging: options.hanging };
  } finally {
    await services.stop();
    await simulator.close();
  }
}
