import {
  databaseNow,
  forgetCataloguePages,
  holdLease,
  inTransaction,
  isRunUnwanted,
  keepCataloguePage,
  keepSlicePage,
  logIntegration,
  recordPage,
  storeCataloguePage,
  type Database,
} from '@trackly-tune/database';
import { keyOfId } from '@trackly-tune/domain';
import {
  EndlessListError,
  openReading,
  type SliceTurn,
  type TakenPage,
  type TurnOutcome,
} from '@trackly-tune/sync-engine';
import { MissingListError, type OfferPage } from '@trackly-tune/tune-client';
import { readCataloguePage, type ReadCataloguePage } from '../domain/read-catalogue-page.js';
import { finishCatalogue } from './finish-catalogue.js';
import { judgeKept, type JudgedPage } from './judge-kept.js';

export interface FetchCatalogueOptions extends SliceTurn {
  readonly db: Database;
  readonly pageOffersMax: number;
}

/** No network has more pages; a server that never ends is nonsense. */
const PAGES_MAX = 10_000;

interface FetchedPage {
  readonly number: number;
  readonly told: OfferPage;
  readonly read: ReadCataloguePage;
  readonly taken: TakenPage;
  readonly observedAt: string;
}

async function storeInOneTransaction(
  options: FetchCatalogueOptions,
  page: FetchedPage,
): Promise<JudgedPage | 'cancelled'> {
  const { db, slice, lease } = options;
  const { number, told, read, taken } = page;
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    // What an earlier reading held says nothing of this one.
    if (number === 1) await forgetCataloguePages(tx, slice.id);
    const stored = await storeCataloguePage(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      offers: read.offers,
    });
    const externalIds = read.offers.map((offer) => offer.externalId);
    await keepCataloguePage(tx, { sliceId: slice.id, page: number, externalIds, unreadable: read.unreadable });
    const judged = await judgeKept(tx, slice, page);
    const again = judged.verdict === 'incomplete';
    // What a page or reading before held is stored again, but not counted again.
    const fetched = externalIds.filter((id) => taken.fresh.has(keyOfId(id))).length;
    const seen = { unchanged: stored.unchanged - (externalIds.length - fetched), rejected: taken.fresh.size - fetched };
    // An import counts what it imports; what its catalogue changed is not what was asked for.
    const none = { inserted: 0, updated: 0, unchanged: 0, rejected: 0 };
    const counted =
      slice.kind === 'offer_import' ? none : { ...stored, ...seen, unchanged: Math.max(0, seen.unchanged) };
    const { cancelRequested } = await recordPage(tx, {
      sliceId: slice.id,
      runId: slice.runId,
      observedAt: page.observedAt,
      nextPage: again ? 1 : number + 1,
      reading: slice.reading + (again ? 1 : 0),
      promised: again ? null : taken.promised,
      pageTotal: judged.verdict === 'whole' ? number : told.pageCount,
      fetched,
      ...counted,
      apiCalls: told.apiCalls,
    });
    if (cancelRequested) return 'cancelled';
    if (judged.verdict === 'whole') await finishCatalogue(tx, slice, judged);
    else await keepSlicePage(tx, { sliceId: slice.id, reading: slice.reading, page: number, keyBytes: taken.keyBytes });
    return judged;
  });
}

async function tellOfPage(options: FetchCatalogueOptions, read: ReadCataloguePage): Promise<void> {
  const { db, slice } = options;
  if (read.unreadableAmounts === 0) return;
  await logIntegration(db, {
    integrationId: slice.integrationId,
    runId: slice.runId,
    level: 'warn',
    code: 'offer_amounts_unreadable',
    message: `${read.unreadableAmounts} payouts of offers could not be read exactly and were left out`,
    context: { amounts: read.unreadableAmounts },
  });
}

/**
 * Fetches a network's catalogue page by page from where it stopped: each page's offers and the cursor are committed
 * together, under the lease; the last page also applies the whole. Ends `succeeded`, `more` (yielded, go on later) or
 * `cancelled`; throws what keeps it from going on.
 */
export async function fetchCatalogue(options: FetchCatalogueOptions): Promise<TurnOutcome> {
  const { db, client, slice, signal, pageOffersMax } = options;
  const { reading, nextPage } = await openReading(db, slice);
  for (let number = nextPage; number <= PAGES_MAX; number++) {
    signal.throwIfAborted();
    if (await isRunUnwanted(db, slice.runId)) return 'cancelled';
    const observedAt = await databaseNow(db);
    const told = await client.listOffers({ page: number, limit: pageOffersMax, signal }).catch((error: unknown) => {
      throw error instanceof MissingListError ? reading.missing(number) : error;
    });
    const read = readCataloguePage(told, slice.settings.timeZone);
    const taken = reading.take({ ...told, page: number });
    const page = { number, told, read, taken, observedAt };
    const judged = await storeInOneTransaction(options, page);
    if (judged === 'cancelled') return 'cancelled';
    await tellOfPage(options, read);
    if (judged.verdict === 'whole') return 'succeeded';
    if (judged.error) throw judged.error;
    if (options.isTimeOver()) return 'more';
  }
  throw new EndlessListError('The catalogue', PAGES_MAX, 'never');
}
