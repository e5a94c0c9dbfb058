import { hostname } from 'node:os';
import type { DueSlice } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { tokenContext, type KeyRing, type Logger } from '@trackly-tune/service-runtime';
import type { TuneClient, TuneClients } from '@trackly-tune/tune-client';

export type RunEnd = 'succeeded' | 'failed' | 'cancelled';

/** What slices need of the process that works on them. */
export interface SliceHost {
  /** Who holds a lease, for people who look. */
  readonly holder: string;
  /** Opens TUNE with the integration's token, which is unsealed for this call only. Throws a coded error. */
  openClient(slice: DueSlice, lane: 'live' | 'background'): TuneClient;
  /** A run ended here; the code is that of its error. */
  onRunEnded(slice: DueSlice, end: RunEnd, code: string | null): void;
  onUnexpected(error: unknown, slice: DueSlice): void;
}

/** Puts together what slices need of this process. */
export function createSliceHost(deps: {
  clients: Pick<TuneClients, 'open'>;
  keyRing: KeyRing;
  pid: number;
  logger: Logger;
  metrics: { runEnded(kind: string, end: RunEnd): void };
}): SliceHost {
  const { clients, keyRing, pid, logger, metrics } = deps;
  const linesOf = (slice: DueSlice) => ({
    network_id: slice.networkId,
    integration_id: toPublicId('integration', slice.integrationId),
    run_id: toPublicId('run', slice.runId),
    kind: slice.kind,
  });
  return {
    holder: `${hostname()}/${pid}`,
    openClient: (slice, lane) =>
      clients.open({
        networkId: slice.networkId,
        networkToken: keyRing.open(slice.networkTokenSealed, tokenContext(slice.integrationId)),
        lane,
      }),
    onRunEnded(slice, end, code) {
      metrics.runEnded(slice.kind, end);
      // Whatever failed must be seen by who looks for warnings alone, a token that was withdrawn above all.
      logger[end === 'failed' ? 'error' : 'info']({ ...linesOf(slice), code }, `run ${end}`);
    },
    onUnexpected: (error, slice) => logger.error({ ...linesOf(slice), err: error }, 'a run met an unexpected failure'),
  };
}
