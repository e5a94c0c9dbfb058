import { waitReady } from '@trackly-tune/launcher';
import { createApiClient } from './api-client.js';
import type { DemoWorld } from './demo-world.js';
import type { DemoProcesses } from './launch-demo.js';
import { createNarrator } from './narrator.js';
import { simulatedNetworks } from './simulated-network.js';
import { DEMO_STEPS } from './steps/index.js';

/** Goes through all steps of the demo. Returns whether the books agree at the end. */
export async function walkThrough(
  { launched, simulatorUrl, apiKey }: DemoProcesses,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await waitReady(launched.apiUrl, signal))) return false;
  const world: DemoWorld = {
    api: createApiClient(launched.apiUrl, apiKey),
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
