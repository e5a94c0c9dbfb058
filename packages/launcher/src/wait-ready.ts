import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const ANSWER_TIMEOUT_MS = 2_000;

/** Waits until the API at `apiUrl` says that it is ready. False when `signal` aborts first. */
export async function waitReady(apiUrl: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
      const { ok } = await fetch(`${apiUrl}/readyz`, { signal: limit });
      if (ok) return true;
    } catch {
      // Not there yet.
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
