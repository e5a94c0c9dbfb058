import type { Api } from './call-api.js';
import { until } from '@trackly-tune/testing';

export interface SyncRun {
  readonly id: string;
  readonly kind: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const RUN_LIMIT_MS = 120_000;
const OPEN = new Set(['queued', 'running']);

/** Waits for the end of a run, whatever it is. */
export function endOfRun(api: Api, { id }: SyncRun, limitMs = RUN_LIMIT_MS): Promise<SyncRun> {
  return until(`run ${id} has ended`, limitMs, async () => {
    const run = await api.get<SyncRun>(`/v1/sync-runs/${id}`);
    return OPEN.has(run.status) ? null : run;
  });
}

/** Waits for a run and throws when it does not succeed. */
export async function waitForRun(api: Api, run: SyncRun, limitMs = RUN_LIMIT_MS): Promise<SyncRun> {
  const ended = await endOfRun(api, run, limitMs);
  if (ended.status !== 'succeeded') {
    throw new Error(`Run ${ended.id} (${ended.kind}) ${ended.status}: ${ended.error?.code} ${ended.error?.message}`);
  }
  return ended;
}

export async function pull(api: Api, integrationId: string, limitMs = RUN_LIMIT_MS): Promise<SyncRun> {
  const run = await api.insist<SyncRun>('POST', `/v1/integrations/${integrationId}/conversion-syncs`, {});
  return waitForRun(api, run, limitMs);
}

/** Every run of an integration that has not ended. */
export async function openRuns(api: Api, integrationId: string): Promise<SyncRun[]> {
  const open: SyncRun[] = [];
  for (const status of OPEN) {
    const at = `/v1/integrations/${integrationId}/sync-runs?status=${status}&per_page=1000`;
    open.push(...(await api.insist<{ data: SyncRun[] }>('GET', at)).data);
  }
  return open;
}
