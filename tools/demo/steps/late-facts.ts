import { setTimeout as sleep } from 'node:timers/promises';
import { compareIntegration } from '../compare-integration.js';
import type { DemoIntegration, DemoStep, DemoWorld } from '../demo-world.js';
import { record } from './send-messages.js';

const POLL_MS = 200;
const TIMEOUT_MS = 60_000;

const disagreeing = async (world: DemoWorld, integration: DemoIntegration): Promise<number> =>
  (await compareIntegration(world, integration)).byMessage.filter(({ agrees }) => !agrees).length;

/** Messages and clicks that come after their conversions find them by themselves. */
export const lateFacts: DemoStep = {
  title: 'The late messages and clicks arrive, and their conversions find them',
  async run(world) {
    const { narrator, integrations, signal } = world;
    for (const integration of integrations) {
      const before = await disagreeing(world, integration);
      await record(world, integration.late);
      const startedAt = performance.now();
      for (
        const deadline = Date.now() + TIMEOUT_MS;
        Date.now() < deadline;
        await sleep(POLL_MS, undefined, { signal })
      ) {
        if ((await disagreeing(world, integration)) === 0) break;
      }
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const after = await disagreeing(world, integration);
      narrator.say(
        `${integration.network.spec.id}: ${before} lines of the books differed from what the network knows, ${after} after ${seconds} s`,
      );
    }
  },
};
