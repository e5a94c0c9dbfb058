export interface RestartTiming {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that lived this long starts the delays anew. */
  readonly resetAfterMs: number;
}

/** Half a second, doubling to ten; thirty seconds alive forgive everything. */
export const RESTART_TIMING: RestartTiming = { firstMs: 500, maxMs: 10_000, resetAfterMs: 30_000 };

/**
 * How long to wait before a process that died is started again.
 *
 * @param lastMs the delay before its last start; 0 before the first
 * @param aliveMs how long it lived
 */
export function restartDelayMs(lastMs: number, aliveMs: number, timing: RestartTiming = RESTART_TIMING): number {
  if (lastMs === 0 || aliveMs >= timing.resetAfterMs) return timing.firstMs;
  return Math.min(lastMs * 2, timing.maxMs);
}
