import type { ApiPorts } from '../../../ports.js';

/** How long wake-ups are gathered. The worker looks by itself every second, so this is quick enough and spares Redis. */
const GATHERED_MS = 100;

/**
 * Wakes the attribution service for new postbacks: the first at once, then at most one wake-up for all that come within
 * a while. Returns at once.
 */
export function gatherWakes(ports: Pick<ApiPorts, 'wake'>): { wake(): void; close(): void } {
  let timer: NodeJS.Timeout | null = null;
  let again = false;

  function tick(): void {
    timer = null;
    if (!again) return;
    again = false;
    send();
  }

  function send(): void {
    ports.wake('settle-pending', {});
    timer = setTimeout(tick, GATHERED_MS);
    timer.unref();
  }

  return {
    wake() {
      if (timer === null) send();
      else again = true;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
