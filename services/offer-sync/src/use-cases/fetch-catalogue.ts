import {
  databaseNow,
  holdLease,
  inTransaction,
  isRunUnwanted,
  keepCataloguePage,
  logIntegration,
  readCataloguePages,
  recordPage,
  storeCataloguePage,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import type { OfferPage, TuneClient } from '@trackly-tune/tune-client';
import {
  incompleteBecause,
  isLastCataloguePage,
  readCataloguePage,
  type ReadCataloguePage,
} from '../domain/read-catalogue-page.js';
import { finishCatalogue } from './finish-catalogue.js';

export interface FetchCatalogueOptions {
  readonly db: Database;
  readonly client: TuneClient;
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  readonly signal: AbortSignal;
  readonly pageOffersMax: number;
  /** After this long the catalogue gives way at the next page's boundary, so that no other waits behind it. */
  readonly sliceBudgetMs: number;
  readonly now: () => number;
}

/** No network has more pages; a server that never ends is nonsense. */
const PAGES_MAX = 10_000;

/** The catalogue never ends. */
export class TooManyPagesError extends Error {
  readonly code = 'too_many_pages';
  readonly advice = 'never';
  constructor() {
    super(`The catalogue does not end after ${PAGES_MAX} pages`);
    this.name = 'TooManyPagesError';
  }
}

interface FetchedPage {
  readonly number: number;
  readonly told: OfferPage;
  readonly read: ReadCataloguePage;
  readonly observedAt: string;
  readonly last: boolean;
  /** Of all pages up to this one. */
  readonly seen: number;
  readonly unreadable: number;
}

async function storeInOneTransaction(options: FetchCatalogueOptions, page: FetchedPage): Promise<'cancelled' | 'ok'> {
  const { db, slice, lease } = options;
  const { number, told, read, last } = page;
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    const stored = await storeCataloguePage(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      offers: read.offers,
    });
    const externalIds = read.offers.map((offer) => offer.externalId);
    await keepCataloguePage(tx, { sliceId: slice.id, page: number, externalIds, unreadable: read.unreadable });
    // An import counts what it imports; what its catalogue changed is not what was asked for.
    const counted = slice.kind === 'offer_import' ? { inserted: 0, updated: 0, unchanged: 0 } : stored;
    const { cancelRequested } = await recordPage(tx, {
      sliceId: slice.id,
      runId: slice.runId,
      observedAt: page.observedAt,
      nextPage: number + 1,
      pageTotal: last ? number : told.pageCount,
      fetched: read.offers.length,
      ...counted,
      rejected: slice.kind === 'offer_import' ? 0 : read.unreadable,
      apiCalls: told.apiCalls,
    });
    if (cancelRequested) return 'cancelled';
    if (last) {
      const { seen, unreadable } = page;
      await finishCatalogue(tx, slice, {
        incompleteBecause: incompleteBecause({ seen, unreadable, count: told.count }),
      });
    }
    return 'ok';
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
 * together, under the lease; the last page also applies the whole. Ends `done`, `more` (gave way, go on later) or
 * `cancelled`; throws what keeps it from going on.
 */
export async function fetchCatalogue(options: FetchCatalogueOptions): Promise<'done' | 'more' | 'cancelled'> {
  const { db, client, slice, signal, pageOffersMax, now } = options;
  const startedMs = now();
  const { ids: seen, unreadable: unreadableBefore } = await readCataloguePages(db, slice.id);
  let unreadable = unreadableBefore;
  for (let number = slice.nextPage; number <= PAGES_MAX; number++) {
    signal.throwIfAborted();
    if (await isRunUnwanted(db, slice.runId)) return 'cancelled';
    const observedAt = await databaseNow(db);
    const told = await client.listOffers({ page: number, limit: pageOffersMax, signal });
    const read = readCataloguePage(told.offers, told.unreadable);
    const seenBefore = seen.size;
    for (const offer of read.offers) seen.add(offer.externalId);
    unreadable += read.unreadable;
    const last = isLastCataloguePage({
      page: number,
      pageCount: told.pageCount,
      entries: told.offers.length + told.unreadable,
      newOffers: seen.size - seenBefore,
    });
    const page = { number, told, read, observedAt, last, seen: seen.size, unreadable };
    if ((await storeInOneTransaction(options, page)) === 'cancelled') return 'cancelled';
    await tellOfPage(options, read);
    if (last) return 'done';
    if (now() - startedMs > options.sliceBudgetMs) return 'more';
  }
  throw new TooManyPagesError();
}
