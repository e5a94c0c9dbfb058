import { waitReady } from '@trackly-tune/launcher';
import { createApiClient } from './api-client.js';
import type { DemoWorld } from './demo-world.js';
import { createNarrator } from './narrator.js';
import { simulatedNetworks } from './simulated-network.js';
import { DEMO_STEPS } from './steps/index.js';

/** Where the demo finds the API and the simulated networks, whatever they run in. */
export interface DemoPlace {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly simulatorUrl: string;
}

/** Goes through all steps of the demo. Returns whether the books agree at the end. */
export async function walkThrough({ apiUrl, apiKey, simulatorUrl }: DemoPlace, signal: AbortSignal): Promise<boolean> {
  if (!(await waitReady(apiUrl, signal))) return false;
  const world: DemoWorld = {
    api: createApiClient(apiUrl, apiKey),
    networks: simulatedNetworks(createApiClient(simulatorUrl, null)),
    narrator: createNarrator(process.stdout),
    accountId: 'acme',
    signal,
    now: Date.now(),
    integrations: [],
    booksAgree: false,
  };
  for (const step of DEMO_STEPS) {
    signal.throwIfAborted();
    world.narrator.step(step.title);
    await step.run(world);
  }
  return world.booksAgree;
}
