import {
  countMissing,
  finishSlice,
  forgetCataloguePages,
  logIntegration,
  readOfferSyncSettings,
  succeedOfferRun,
  type DueSlice,
  type ImportItem,
  type Transaction,
} from '@trackly-tune/database';
import { importItems, importNewlyActive } from './import-offers.js';
import { refreshOffers } from './refresh-offers.js';

/**
 * Applies a catalogue that was read to its end, in the transaction of its last page: the run succeeds together with
 * everything it changed, or not at all. A catalogue with holes refreshes what it held and says nothing of the rest.
 */
export async function finishCatalogue(
  tx: Transaction,
  slice: DueSlice,
  catalogue: { incompleteBecause: string | null },
): Promise<void> {
  const { integrationId, runId } = slice;
  const settings = await readOfferSyncSettings(tx, integrationId);
  let items: readonly ImportItem[] | null = null;
  if (slice.kind === 'offer_import') {
    items = await importItems(tx, slice, settings);
  } else {
    if (catalogue.incompleteBecause === null) await countMissing(tx, integrationId, slice.id);
    await refreshOffers(tx, slice, settings);
    if (settings.autoImport) await importNewlyActive(tx, slice, settings);
  }
  if (catalogue.incompleteBecause !== null) {
    await logIntegration(tx, {
      integrationId,
      runId,
      level: 'warn',
      code: 'catalogue_incomplete',
      message: `The catalogue is not whole (${catalogue.incompleteBecause}); no offer is taken for missing because of it`,
    });
  }
  await forgetCataloguePages(tx, slice.id);
  await finishSlice(tx, { id: slice.id, runId });
  await succeedOfferRun(tx, { id: runId, items });
}
