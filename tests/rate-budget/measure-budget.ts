import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@trackly-tune/embedded-stores';
import { simulatorProgram, superviseService } from '@trackly-tune/launcher';
import { until } from '@trackly-tune/testing';
import { controlTuneSimulator } from '@trackly-tune/tune-simulator';
import { connectNetwork, plantingFor } from '../system/connect-network.js';
import { dayAgo, type NetworkPlan } from '../system/networks.js';
import { ROOT, startServices } from '../system/start-services.js';

export interface BudgetMeasurement {
  readonly limit: string;
  readonly seconds: number;
  readonly calls: number;
  /** The most calls that any window held, by the network's own log. */
  readonly worstWindow: number;
  /** Calls made, of those that the budget allows in the time measured. */
  readonly usedPercent: number;
}

const PLAN: NetworkPlan = {
  spec: { id: 'budgeted', token: 'NETbudgeted', rateLimit: null, seed: 5, offers: manyOffers(400) },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
};

function manyOffers(count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: String(index + 1), name: `Offer ${index + 1}` }));
}

/** The simulated network as a process of its own, so that its log of calls is not late when this process is busy. */
async function startSimulator() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const one = superviseService(simulatorProgram(ROOT, port, [PLAN.spec]), {
    say: () => undefined,
    onOutput: () => undefined,
    onRefused: () => undefined,
  });
  await until('the simulator answers', 60_000, async () => (await fetch(`${url}/_control/networks`)).ok);
  return { control: controlTuneSimulator(url), stop: () => one.stop(5_000) };
}

/**
 * Four worker processes (two that pull conversions, two that fetch offers) with more to ask of one network than they
 * may, for some seconds. Counts what the network saw.
 */
export async function measureBudget(options: {
  databaseUrl: string;
  redisUrl: string;
  queuePrefix: string;
  limit: { calls: number; seconds: number };
  seconds: number;
}): Promise<BudgetMeasurement> {
  const { limit, seconds } = options;
  const simulator = await startSimulator();
  const services = await startServices({
    ...options,
    tuneApiUrl: simulator.control.apiUrl,
    copies: { 'offer-sync': 2, 'conversion-sync': 2 },
    env: { TUNE_RATE_LIMIT: `${limit.calls}/${limit.seconds}`, PULL_PAGE_ROWS_MAX: '1', OFFER_PAGE_MAX: '1' },
  });
  try {
    await services.ready();
    const network = simulator.control.network(PLAN.spec.id);
    const connected = await connectNetwork(services.api, PLAN, 10);
    await network.plantConversions({ ...plantingFor(connected), count: 2_000, from: dayAgo(5), to: dayAgo(1) });
    await services.api.insist('POST', `/v1/integrations/${connected.id}/conversion-syncs`, {});
    await services.api.insist('POST', `/v1/integrations/${connected.id}/offer-syncs`, {});
    await until('both kinds of workers ask', 60_000, async () => {
      const methods = new Set((await network.calls()).calls.map(({ method }) => method));
      return methods.has('Report::getConversions') && methods.has('Offer::findAll');
    });
    await network.clearCalls();
    const startedAt = performance.now();
    await sleep(seconds * 1_000);
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    const { total, worstWindow } = await network.calls(limit.seconds * 1_000);
    const allowed = (limit.calls * tookSeconds) / limit.seconds;
    return {
      limit: `${limit.calls}/${limit.seconds}`,
      seconds: Math.round(tookSeconds),
      calls: total,
      worstWindow,
      usedPercent: Math.round((1_000 * total) / allowed) / 10,
    };
  } finally {
    await services.stop();
    await simulator.stop();
  }
}
