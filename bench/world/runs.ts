import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './open-world.js';

/** A sync run as the API shows it; times by PostgreSQL's clock. */
export interface Run {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly queued_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

const POLL_MS = 250;
const RUN_TIMEOUT_MS = 1_800_000;

export const msBetween = (from: string, to: string | null): number => Date.parse(to ?? '') - Date.parse(from);

/** Waits for a run's end. Throws when it does not succeed. */
export async function waitForRun(world: World, run: Run, signal: AbortSignal): Promise<Run> {
  const deadline = Date.now() + RUN_TIMEOUT_MS;
  for (let seen = run; ; seen = await world.api.get<Run>(`/v1/sync-runs/${run.id}`)) {
    if (seen.status === 'succeeded') return seen;
    if (seen.status === 'failed' || seen.status === 'cancelled') {
      throw new Error(`Run ${seen.id} ${seen.status}: ${seen.error?.code ?? ''} ${seen.error?.message ?? ''}`);
    }
    if (Date.now() > deadline) throw new Error(`Run ${seen.id} is still ${seen.status}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Starts a run of one kind and waits for its end. `ms` is from its request to its success. */
export async function completeRun(
  world: World,
  route: string,
  body: object,
  signal: AbortSignal,
): Promise<{ run: Run; ms: number }> {
  const started = await world.api.post<Run>(route, body);
  const run = await waitForRun(world, started, signal);
  return { run, ms: msBetween(run.queued_at, run.finished_at) };
}
