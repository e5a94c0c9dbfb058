import http from 'node:http';
import fc from 'fast-check';
import { impatientPuller, livelyNetwork, type Tally } from '../crash/actors.js';
import { createRandom } from '../crash/random.js';
import { backfiller } from './backfiller.js';
import { createShapeCheck } from './check-shape.js';
import { readDocumentedErrors } from './documented-errors.js';
import { fuzzRoute, type FuzzFailure, type RouteReport } from './fuzz-route.js';
import { comesLast, fuzzRoutes, type FuzzRoute } from './fuzz-routes.js';
import { openFuzzWorld, type FuzzWorld } from './fuzz-world.js';
import { judgeFuzz, secretsOf } from './judge-fuzz.js';
import type { OpenApiDocument } from './read-operations.js';
import { seedThings } from './seed-things.js';
import { rawRequests, sendRaw } from './send-raw.js';
import { sendRequest, type Wire } from './send-request.js';
import { createTurns } from './turns.js';

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** Only routes whose name holds this text; all when empty. */
  readonly route: string;
  readonly say: (line: string) => void;
}

export interface FuzzReport {
  readonly routes: readonly RouteReport[];
  readonly failures: readonly FuzzFailure[];
  /** What is wrong with the whole in the end: services, logs, secrets, books. */
  readonly wrong: readonly string[];
}

const AT_ONCE = 12;
const RAW_SHARE = 0.01;

function wireOf({ services, postbacksUrl, keys }: FuzzWorld): Wire {
  const worker = services.all.find(({ name }) => name !== 'api');
  return {
    urls: { api: services.api.url, postbacks: postbacksUrl, worker: worker?.url ?? services.api.url },
    keys,
    agent: new http.Agent({ keepAlive: true, maxSockets: AT_ONCE * 2 }),
  };
}

/** What is no HTTP at all: the servers must only outlive it. */
async function sendNonsense(wire: Wire, count: number, seed: number): Promise<RouteReport> {
  const report: RouteReport = { name: 'no HTTP', requests: 0, statuses: {}, slowestMs: 0 };
  for (const raw of fc.sample(rawRequests, { numRuns: count, seed })) {
    const status = await sendRaw(raw, wire.urls);
    report.requests += 1;
    report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  }
  return report;
}

/** Everything that goes on by itself while requests rain: conversions, postbacks, pulls, backfills. */
function startActors(world: FuzzWorld, seed: number): { stop: () => Promise<void> } {
  const tally: Tally = {
    ...{ facts: 0, conversions: 0, changes: 0, pullsAsked: 0, postbacks: 0, postbacksSentAgain: 0 },
    followed: [],
  };
  let over = false;
  const acting = Promise.all(
    [
      livelyNetwork(world.good, createRandom(seed + 1), tally),
      impatientPuller(world, world.good, createRandom(seed + 2), tally),
      backfiller(world, createRandom(seed + 3)),
    ].map((actor) => actor.run(() => over)),
  );
  acting.catch(() => undefined);
  return {
    async stop() {
      over = true;
      await acting;
    },
  };
}

/** Sends requests of every kind to the whole system while it works, and judges each answer and what is left. */
export async function runFuzz({ requests, seed, route, say }: FuzzOptions): Promise<FuzzReport> {
  const world = await openFuzzWorld();
  const wire = wireOf(world);
  try {
    const document = await world.services.api.get<OpenApiDocument>('/openapi.json');
    const routes = fuzzRoutes(document).filter(({ name }) => name.includes(route));
    if (routes.length === 0) throw new RangeError(`No route has "${route}" in its name`);
    const things = await seedThings(world);
    const rules = {
      ...{ isDocumented: readDocumentedErrors(), checkShape: createShapeCheck(document) },
      ...{ things, secrets: secretsOf(world) },
    };
    const turn = createTurns(AT_ONCE);
    const parts = {
      rules,
      things,
      lines: () => world.services.lines(),
      send: (one: Parameters<typeof sendRequest>[0]) => turn(() => sendRequest(one, wire)),
    };
    const weights = routes.reduce((sum, { weight }) => sum + weight, 0);
    const runsOf = ({ weight }: FuzzRoute): number => Math.max(1, Math.round((requests * weight) / weights));
    const actors = startActors(world, seed);
    say(`seed ${seed}: ${requests} requests to ${routes.length} routes`);
    const fuzz = (some: readonly FuzzRoute[]) =>
      Promise.all(some.map((one) => fuzzRoute(one, runsOf(one), (seed * 1_000 + routes.indexOf(one)) | 0, parts)));
    const results = await fuzz(routes.filter((one) => !comesLast(one)));
    say('the board changes the queues');
    results.push(...(await fuzz(routes.filter(comesLast))));
    const nonsense = await sendNonsense(wire, Math.ceil(requests * RAW_SHARE), seed);
    const wrong: string[] = [];
    // What went wrong for those who ask for nothing hostile is a finding like any other.
    await actors.stop().catch((error: unknown) => wrong.push(String(error)));
    say('everything is asked; the books come to rest');
    wrong.push(...(await judgeFuzz(world, things)));
    const failures = results.flatMap((one) => one.failures);
    return { routes: [...results.map(({ report }) => report), nonsense], failures, wrong };
  } finally {
    wire.agent.destroy();
    await world.close();
  }
}
