/** The terminal, npm and a supervisor may all pass on one Ctrl-C: what follows sooner is the same one. */
const SECOND_SIGNAL_AFTER_MS = 500;

/** Aborts `signal` at the first SIGINT, SIGTERM or SIGHUP, and calls `onSecond` at one half a second later or more. */
export function untilStopped(onSecond: () => void): { signal: AbortSignal } {
  const stopping = new AbortController();
  let stoppingSince = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!stopping.signal.aborted) {
        stoppingSince = performance.now();
        stopping.abort();
      } else if (performance.now() - stoppingSince >= SECOND_SIGNAL_AFTER_MS) onSecond();
    });
  }
  return { signal: stopping.signal };
}
