import { setTimeout as sleep } from 'node:timers/promises';
import type { ComposeProject } from './compose-project.js';

const POLL_MS = 500;

/** Waits until so many containers of each service are healthy. Throws when `signal` aborts first, with what there is. */
export async function waitHealthy(
  project: ComposeProject,
  wanted: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const containers = project.containers();
    const healthy = (service: string): number =>
      containers.filter((container) => container.service === service && container.health === 'healthy').length;
    if (Object.entries(wanted).every(([service, count]) => healthy(service) === count)) return;
    if (signal.aborted) {
      const there = containers.map(({ service, state, health }) => `${service} ${state} ${health}`).join(', ');
      throw new Error(`Not all containers became healthy: ${there}`);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
