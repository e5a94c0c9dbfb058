import {
  countMissing,
  countUnreadableEntries,
  finishSlice,
  forgetCataloguePages,
  logIntegration,
  readOfferSyncSettings,
  succeedOfferRun,
  type DueSlice,
  type ImportItem,
  type Tx,
} from '@trackly-tune/database';
import { importItems, importNewlyActive } from './import-offers.js';
import { refreshOffers } from './refresh-offers.js';

async function sayAccepted(tx: Tx, { integrationId, runId }: DueSlice): Promise<void> {
  await logIntegration(tx, {
    integrationId,
    runId,
    level: 'info',
    code: 'catalogue_empty_accepted',
    message: 'The catalogue is empty, and the run was told to take that as true: every offer counts as gone',
  });
}

/**
 * Applies a catalogue that came as a whole, in the transaction of its last page: the run succeeds together with
 * everything it changed, or not at all. Entries without an id may be any offer: then none is taken for missing.
 *
 * @param judged.certain it is empty and a person has said that this is right: what it lacks is gone at once
 */
export async function finishCatalogue(
  tx: Tx,
  slice: DueSlice,
  { certain }: { readonly certain: boolean },
): Promise<void> {
  const { integrationId, runId } = slice;
  const unreadable = await countUnreadableEntries(tx, slice.id);
  const settings = await readOfferSyncSettings(tx, integrationId);
  let items: readonly ImportItem[] | null = null;
  if (slice.kind === 'offer_import') {
    items = await importItems(tx, slice, settings);
  } else {
    if (unreadable === 0) await countMissing(tx, slice, { certain });
    if (certain) await sayAccepted(tx, slice);
    await refreshOffers(tx, slice, settings);
    if (settings.autoImport) await importNewlyActive(tx, slice, settings);
  }
  if (unreadable > 0) {
    await logIntegration(tx, {
      integrationId,
      runId,
      level: 'warn',
      code: 'catalogue_incomplete',
      message: `${unreadable} entries of the catalogue have no id; no offer is taken for missing because of it`,
      context: { entries: unreadable },
    });
  }
  await forgetCataloguePages(tx, slice.id);
  await finishSlice(tx, { id: slice.id, runId });
  await succeedOfferRun(tx, { id: runId, items });
}

/**
 * Brings imported offers in step with what a catalogue showed that never came as a whole. It says nothing of the rest,
 * and the run fails.
 */
export async function refreshFromShortCatalogue(tx: Tx, slice: DueSlice): Promise<void> {
  if (slice.kind !== 'offers') return;
  const settings = await readOfferSyncSettings(tx, slice.integrationId);
  await refreshOffers(tx, slice, settings);
  if (settings.autoImport) await importNewlyActive(tx, slice, settings);
}
