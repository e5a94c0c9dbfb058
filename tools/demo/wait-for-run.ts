import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoWorld } from './demo-world.js';

const POLL_MS = 150;
const TIMEOUT_MS = 120_000;
const OVER = new Set(['succeeded', 'failed', 'cancelled']);

export interface SyncRun {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly items?: readonly { readonly external_id: string; readonly result: string }[];
}

/** Waits for the end of a sync run, and shows how far it is. Throws when it does not succeed. */
export async function waitForRun(world: DemoWorld, run: SyncRun, label: string): Promise<SyncRun> {
  const bar = world.narrator.bar(label);
  const deadline = Date.now() + TIMEOUT_MS;
  try {
    for (let seen = run; ; seen = await world.api.get<SyncRun>(`/v1/sync-runs/${run.id}`)) {
      bar.update(seen.progress.done, seen.progress.total ?? 0);
      if (seen.status === 'succeeded') return seen;
      if (OVER.has(seen.status)) {
        throw new Error(
          `${label}: run ${run.id} ${seen.status}: ${seen.error?.code ?? ''} ${seen.error?.message ?? ''}`,
        );
      }
      if (Date.now() > deadline) throw new Error(`${label}: run ${run.id} is still ${seen.status} after 2 minutes`);
      await sleep(POLL_MS, undefined, { signal: world.signal });
    }
  } finally {
    bar.end();
  }
}
