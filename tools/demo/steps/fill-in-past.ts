import type { DemoStep } from '../demo-world.js';
import { waitForRun, type SyncRun } from '../wait-for-run.js';

const CONVERSIONS = 40;
const DAY_MS = 86_400_000;

/** Days before the integration was there are filled in, behind whatever is live. */
export const fillInPast: DemoStep = {
  title: 'A few days of last month are filled in by a backfill',
  async run(world) {
    const { api, networks, narrator, integrations, now } = world;
    const day = (daysAgo: number): string => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);
    for (const { id, network, facts } of integrations) {
      const window = { from: day(34), to: day(30) };
      await networks.plant(network.spec.id, {
        count: CONVERSIONS,
        ...window,
        messageIds: facts.messages.map(({ message_id }) => message_id),
        messageIdField: network.messageIdField,
      });
      // A day more at each end: the network's days are not those of UTC.
      const run = await api.post<SyncRun>(`/v1/integrations/${id}/backfills`, { from: day(35), to: day(29) });
      const { counts } = await waitForRun(world, run, `backfill ${network.spec.id}`);
      narrator.say(`${network.spec.id}: ${counts.fetched} conversions of ${window.from} to ${window.to}`);
    }
  },
};
