import {
  insertImportedOffers,
  logIntegration,
  readCatalogueOffers,
  readImportItems,
  readNewlyActive,
  type DueSlice,
  type ImportItem,
  type OfferSyncSettings,
  type Tx,
} from '@trackly-tune/database';
import { importedOffer, offerFromCatalogue, type CatalogueOffer } from '@trackly-tune/domain';
import { judgeImport } from '../domain/judge-import.js';

const OFFERS_MAX = 1_000;

async function insert(
  tx: Tx,
  slice: DueSlice,
  settings: OfferSyncSettings,
  offers: readonly CatalogueOffer[],
  cause: 'import' | 'auto_import',
): Promise<string[]> {
  const { integrationId, runId } = slice;
  const added = offers.map((offer) => ({
    externalId: offer.externalId,
    state: importedOffer(offerFromCatalogue(offer, settings), settings.rules, offer.externalId),
  }));
  return insertImportedOffers(tx, { integrationId, runId, cause, offers: added });
}

/** Imports what a run was asked for and says of each id what became of it; none of them fails the run. */
export async function importItems(
  tx: Tx,
  slice: DueSlice,
  settings: OfferSyncSettings,
): Promise<readonly ImportItem[]> {
  const wanted = await readImportItems(tx, slice.runId);
  const items: ImportItem[] = [];
  for (let from = 0; from < wanted.length; from += OFFERS_MAX) {
    const ids = wanted.slice(from, from + OFFERS_MAX).map((item) => item.external_id);
    const found = new Map(
      (await readCatalogueOffers(tx, slice.integrationId, ids)).map((entry) => [entry.offer.externalId, entry]),
    );
    const judged = ids.map((id) => ({ id, result: judgeImport(found.get(id) ?? null) }));
    const chosen = judged.flatMap(({ id, result }) => {
      const offer = found.get(id)?.offer;
      return result === 'imported' && offer !== undefined ? [offer] : [];
    });
    const added = new Set(await insert(tx, slice, settings, chosen, 'import'));
    for (const { id, result } of judged) {
      // Somebody made the same offer by hand in the meantime.
      const late = result === 'imported' && !added.has(id);
      items.push({ external_id: id, result: late ? 'already_imported' : result });
    }
  }
  return items;
}

/** Imports the offers that this run saw active for the first time, where the integration wants that. */
export async function importNewlyActive(tx: Tx, slice: DueSlice, settings: OfferSyncSettings): Promise<void> {
  const { integrationId, runId } = slice;
  let imported = 0;
  for (;;) {
    const offers = await readNewlyActive(tx, { integrationId, runId, offersMax: OFFERS_MAX });
    imported += (await insert(tx, slice, settings, offers, 'auto_import')).length;
    if (offers.length < OFFERS_MAX) break;
  }
  if (imported === 0) return;
  await logIntegration(tx, {
    integrationId,
    runId,
    level: 'info',
    code: 'offers_auto_imported',
    message: `${imported} newly active offers were imported`,
    context: { offers: imported },
  });
}
