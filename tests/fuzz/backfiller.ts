import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../crash/actors.js';
import type { Random } from '../crash/random.js';
import { dayAgo } from '../system/networks.js';
import type { FuzzWorld } from './fuzz-world.js';

/** Somebody brings back what was deleted, has days past read anew and the catalogue fetched. */
export function backfiller({ services, good, others }: FuzzWorld, random: Random): Actor {
  return {
    async run(isOver) {
      while (!isOver()) {
        for (const { id } of others) await services.api.ask('POST', `/v1/integrations/${id}/restore`, {});
        const { id } = random.pick([good, ...others]);
        const from = dayAgo(random.between(10, 40));
        await services.api.ask('POST', `/v1/integrations/${id}/backfills`, { from, to: dayAgo(random.between(1, 9)) });
        await services.api.ask('POST', `/v1/integrations/${id}/offer-syncs`, {});
        await sleep(random.between(300, 600));
      }
    },
  };
}
