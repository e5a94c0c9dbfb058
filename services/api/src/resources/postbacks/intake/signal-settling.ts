import type { ApiPorts } from '../../../ports.js';

/** How long signals are gathered. The worker looks by itself every second, so this is quick enough and spares Redis. */
const GATHERED_MS = 100;

/**
 * Tells the attribution service of new postbacks: the first at once, then at most one signal for all that come within
 * a while. Returns at once.
 */
export function gatherSignals(ports: Pick<ApiPorts, 'signal'>): { signal(): void; close(): void } {
  let timer: NodeJS.Timeout | null = null;
  let again = false;

  function tick(): void {
    timer = null;
    if (!again) return;
    again = false;
    send();
  }

  function send(): void {
    ports.signal('settle-pending', {});
    timer = setTimeout(tick, GATHERED_MS);
    timer.unref();
  }

  return {
    signal() {
      if (timer === null) send();
      else again = true;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
