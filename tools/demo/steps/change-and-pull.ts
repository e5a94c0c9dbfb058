import type { DemoStep } from '../demo-world.js';
import { pullAll } from './pull.js';

const CHANGES = 40;

/** The networks' managers approve, reject and correct; the next pull sees it. */
export const changeAndPull: DemoStep = {
  title: 'The networks approve, reject and correct; the next pull sees it',
  async run(world) {
    for (const { network } of world.integrations) {
      const { eventIds } = await world.networks.change(network.spec.id, {
        count: CHANGES,
        affiliateId: network.affiliateId,
      });
      world.narrator.say(`${network.spec.id}: ${eventIds.length} conversions changed`);
    }
    await pullAll(world);
  },
};
