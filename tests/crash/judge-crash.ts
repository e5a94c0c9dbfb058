import { setTimeout as sleep } from 'node:timers/promises';
import { askDatabase, until } from '@trackly-tune/testing';
import { readRevenue } from '../../tools/demo/read-revenue.js';
import { differencesOf } from '../system/compare-books.js';
import { ACCOUNT } from '../system/connect-network.js';
import { gapsOf, readFeed, sumFeed } from '../system/revenue-feed.js';
import { endOfRun, openRuns, type SyncRun } from '../system/sync-runs.js';
import type { Tally } from './actors.js';
import type { CrashNetwork, CrashWorld } from './crash-world.js';
import { processesOf } from './left-over-processes.js';

export interface CrashVerdict {
  /** What is wrong; empty when everything is right. */
  readonly wrong: readonly string[];
  readonly entries: number;
  /** Runs by how they ended. */
  readonly runs: Readonly<Record<string, number>>;
  /** Kind, code and message of each run that failed. */
  readonly failures: readonly string[];
}

const PULL_LIMIT_MS = 150_000;
const REST_LIMIT_MS = 120_000;
const ATTEMPTS_MAX = 5;

/** A pull that began after everything was said and done. */
export async function lastPull(
  { services: { api } }: Pick<CrashWorld, 'services'>,
  { id }: CrashNetwork,
): Promise<void> {
  let last: SyncRun | undefined;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const asked = await api.insist<SyncRun>('POST', `/v1/integrations/${id}/conversion-syncs`, {});
    last = await endOfRun(api, asked, PULL_LIMIT_MS);
    if (last.status === 'succeeded') return;
    await sleep(500);
  }
  throw new Error(`No pull succeeds any more: ${last?.error?.code} ${last?.error?.message}`);
}

async function sumsOfBooks({ services: { api }, networks }: CrashWorld): Promise<Record<string, string>> {
  const feedLike = [];
  for (const { id } of networks) {
    const rows = await readRevenue(api, id, 'integration');
    feedLike.push(
      ...rows.map((row) => ({
        ...{ seq: 0, conversion_id: '', message_id: null, external_offer_id: '', day: '', cause: '' },
        ...{ currency: row.currency, conversions: row.conversions },
        ...{ revenue: row.revenue, pending_revenue: row.pending_revenue },
      })),
    );
  }
  return sumFeed(feedLike);
}

async function judgeFeed(world: CrashWorld, tally: Tally, wrong: string[]): Promise<number> {
  const feed = await readFeed(world.services.api, ACCOUNT);
  wrong.push(...gapsOf(feed).map((gap) => `feed: ${gap}`));
  tally.followed.push(...(await readFeed(world.services.api, ACCOUNT, tally.followed.at(-1)?.seq ?? 0)));
  // Offers may have been imported between two looks; everything else must be what was seen the first time.
  const said = (changes: typeof feed) =>
    changes.map(({ seq, conversion_id, revenue, pending_revenue, message_id }) =>
      JSON.stringify([seq, conversion_id, revenue, pending_revenue, message_id]),
    );
  const [whole, followed] = [said(feed), said(tally.followed)];
  if (whole.join() !== followed.join()) {
    const first = whole.findIndex((line, index) => line !== followed[index]);
    wrong.push(`feed: who followed it saw ${followed.length} of ${whole.length}, first other at ${first}`);
  }
  const [sums, books] = [JSON.stringify(sumFeed(feed)), JSON.stringify(await sumsOfBooks(world))];
  if (sums !== books) wrong.push(`feed: sums to ${sums}, the books to ${books}`);
  return feed.length;
}

/** Where the books differ from the networks' own when time changes nothing any more. */
export async function differencesAtRest({
  services,
  networks,
}: Pick<CrashWorld, 'services' | 'networks'>): Promise<string[]> {
  const compare = async (): Promise<string[]> => {
    const all: string[] = [];
    for (const network of networks) {
      const books = network.simulated.books({ affiliateId: network.plan.affiliateId });
      all.push(...(await differencesOf(services.api, network, books)));
    }
    return all;
  };
  let differences = await compare();
  await until('the books equal the networks', REST_LIMIT_MS, async () => {
    if (differences.length > 0) differences = await compare();
    return differences.length === 0;
  }).catch(() => undefined);
  return differences;
}

/** Waits until the system has come to rest and tells everything that is not as it must be; ends its processes. */
export async function judgeCrash(world: CrashWorld, tally: Tally, say: (line: string) => void): Promise<CrashVerdict> {
  const { services, networks } = world;
  const wrong: string[] = [];
  await services.ready();
  await Promise.all(networks.map((network) => lastPull(world, network)));
  for (const { id, plan } of networks) {
    await until(
      `no run of ${plan.spec.id} is open`,
      REST_LIMIT_MS,
      async () => (await openRuns(services.api, id)).length === 0,
    ).catch((error: unknown) => wrong.push(String(error)));
  }
  const differences = await differencesAtRest(world);
  wrong.push(...differences);
  const entries = await judgeFeed(world, tally, wrong);
  say(`books compared: ${differences.length} differences; feed of ${entries} entries`);
  const runs: Record<string, number> = {};
  for (const { status, count } of await askDatabase<{ status: string; count: number }>(
    world.stores.postgres.url,
    'SELECT status, count(*)::int AS count FROM sync_runs GROUP BY status ORDER BY status',
  )) {
    runs[status] = count;
  }
  await judgeEnd(world, wrong);
  const failures = await askDatabase<{ text: string }>(
    world.stores.postgres.url,
    "SELECT kind || ' ' || error_code || ': ' || error_message AS text FROM sync_runs WHERE status = 'failed' ORDER BY id",
  );
  return { wrong, entries, runs, failures: failures.map(({ text }) => text) };
}

/** Ends the services and tells what does not end as it should, or stays behind. */
export async function judgeEnd(
  { services, stores }: Pick<CrashWorld, 'services' | 'stores'>,
  wrong: string[],
): Promise<void> {
  await services.stop();
  const left = processesOf(services.env['QUEUE_PREFIX'] ?? '');
  if (left.length > 0) wrong.push(`processes left over: ${left.join(', ')}`);
  const stopped = services.supervision.filter((line) => line.includes(' stopped: '));
  wrong.push(...stopped.filter((line) => !line.endsWith('stopped: exit code 0')));
  const connections = await until('no connection is left', 10_000, async () => {
    const open = await askDatabase(
      stores.postgres.url,
      `SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend'`,
    );
    return open.length === 0;
  }).catch((error: unknown) => String(error));
  if (typeof connections === 'string') wrong.push(connections);
}
