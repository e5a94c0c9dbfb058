import type { DemoStep } from '../demo-world.js';
import { waitForRun, type SyncRun } from '../wait-for-run.js';

interface Offers {
  readonly data: readonly { readonly id: string; readonly external_id: string; readonly name: string }[];
}

/** The catalogue is fetched, and everything in it imported. */
export const importOffers: DemoStep = {
  title: 'The networks’ catalogues are fetched and their offers imported',
  async run(world) {
    const { api, narrator } = world;
    for (const integration of world.integrations) {
      const at = `/v1/integrations/${integration.id}`;
      await waitForRun(world, await api.post<SyncRun>(`${at}/offer-syncs`), 'catalogue');
      const available = await api.get<Offers>(`${at}/available-offers?per_page=1000`);
      const external_ids = available.data.map(({ external_id }) => external_id);
      const run = await api.post<SyncRun>(`${at}/offers/import`, { external_ids });
      await waitForRun(world, run, 'import');
      const { data } = await api.get<Offers>(`/v1/offers?integration_id=${integration.id}&per_page=1000`);
      integration.offerIds = new Map(data.map(({ id, external_id }) => [external_id, id]));
      narrator.say(
        `${integration.network.spec.id}: ${available.data.length} in the catalogue, ${data.length} imported`,
      );
      if (integration.offerIds.size !== external_ids.length) throw new Error('Not every offer was imported');
    }
  },
};
