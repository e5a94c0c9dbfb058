import type { DemoStep, DemoWorld } from '../demo-world.js';
import { waitForRun, type SyncRun } from '../wait-for-run.js';

/** Pulls every integration at once and says what came of it. */
export async function pullAll(world: DemoWorld): Promise<void> {
  const { api, narrator, integrations } = world;
  const runs = await Promise.all(
    integrations.map(async ({ id, network }) => ({
      name: network.spec.id,
      run: await api.post<SyncRun>(`/v1/integrations/${id}/conversion-syncs`),
    })),
  );
  for (const { name, run } of runs) {
    const { counts } = await waitForRun(world, run, `pull ${name}`);
    const { fetched, inserted, updated, unchanged } = counts;
    narrator.say(`${name}: ${fetched} fetched: ${inserted} new, ${updated} changed, ${unchanged} as known`);
    const { attributed_by_click, attributed_by_message_id, unattributed } = counts;
    narrator.say(
      `  attributed: ${attributed_by_click} by click, ${attributed_by_message_id} by message id, ${unattributed} to nobody`,
    );
  }
}

export const pull: DemoStep = {
  title: 'The conversions are pulled and attributed',
  run: pullAll,
};
