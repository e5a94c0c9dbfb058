import {
  beginRequest,
  finishSlice,
  hasUrgentSlice,
  holdLease,
  inTransaction,
  knowsSeveralCurrencies,
  learnTraits,
  logIntegration,
  recordPage,
  splitSlice,
  storePage,
  type Database,
  type DueSlice,
  type NetworkLease,
  type RunWish,
  type StoredPage,
  type Transaction,
} from '@trackly-tune/database';
import type { ReportPage, TuneClient } from '@trackly-tune/tune-client';
import { isLastPage } from '../domain/is-last-page.js';
import { readPage, showsSeveralCurrencies, type ReadPage } from '../domain/read-page.js';
import { RecentIds } from '../domain/recent-ids.js';
import { CURRENCY_FIELD, reportFields } from '../domain/report-fields.js';
import { splitWindow } from '../domain/split-window.js';
import { PullError } from './pull-error.js';

export interface PullSliceOptions {
  readonly db: Database;
  readonly client: TuneClient;
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  readonly signal: AbortSignal;
  readonly pageRowsMax: number;
  /** After this long the slice gives way at the next page's boundary, so that no other waits behind it. */
  readonly sliceBudgetMs: number;
  /** A day with more pages than this is read in parts, since deep pages are slow. */
  readonly dayPagesMax: number;
  readonly now: () => number;
  /** Called after each commit that attribution has to look at: touched transactions, or a run's last page. */
  readonly onFacts: () => void;
}

/** Pages of ids remembered to tell rows that a moving report shows again (TUNE quirk 32). */
const RECENT_PAGES = 5;
/** No report has more pages; a server that never ends is nonsense. */
const PAGES_MAX = 20_000;

/** null when the network does not say, or refuses to; a failure that may pass is thrown, since it answers nothing. */
async function askCurrencies(client: TuneClient, signal: AbortSignal): Promise<readonly string[] | null> {
  try {
    return await client.getActiveCurrencies(signal);
  } catch (error) {
    if ((error as { advice?: unknown } | null)?.advice === 'never') return null;
    throw error;
  }
}

/** Fails when a network with several currencies hides which one a row is in: guessing would move money. */
async function requireCurrency(
  options: PullSliceOptions,
  page: { report: ReportPage; asked: boolean; several: boolean },
): Promise<void> {
  const { report, asked, several } = page;
  if (asked && !report.refusedFields.includes(CURRENCY_FIELD)) return;
  const { client, slice, signal } = options;
  // The network was asked for its currencies when it first refused the field.
  const active = several || !asked ? null : await askCurrencies(client, signal);
  if (several || (active !== null && active.length > 1)) {
    throw new PullError(
      'required_field_forbidden',
      `The network runs several currencies and forbids ${CURRENCY_FIELD}: ask it to allow this field for the API key`,
    );
  }
  if (asked) {
    await logIntegration(options.db, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'warn',
      code: 'currency_not_shown',
      message: `The network forbids ${CURRENCY_FIELD}; amounts are taken to be in ${slice.settings.defaultCurrency}`,
    });
  }
}

async function tellOfRows(tx: Transaction, slice: DueSlice, read: ReadPage): Promise<void> {
  const reasons = [...new Set(read.unreadable.map((row) => row.reason))].sort();
  if (reasons.length > 0) {
    await logIntegration(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'warn',
      code: 'rows_unreadable',
      message: `${read.unreadable.length} rows could not be read and were kept aside`,
      context: { rows: read.unreadable.length, reasons },
    });
  }
  if (read.foreign > 0) {
    await logIntegration(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'info',
      code: 'foreign_rows_ignored',
      message: `${read.foreign} rows of other affiliates were ignored`,
      context: { rows: read.foreign },
    });
  }
}

async function storeInOneTransaction(
  options: PullSliceOptions,
  page: { report: ReportPage; read: ReadPage; observedAt: string; number: number; last: boolean },
): Promise<{ stored: StoredPage; wish: RunWish }> {
  const { db, slice, lease } = options;
  const { report, read, observedAt } = page;
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    const stored = await storePage(tx, {
      integrationId: slice.integrationId,
      accountId: slice.accountId,
      settingsVersion: slice.settings.version,
      runId: slice.runId,
      observedAt,
      rows: read.facts,
      unreadable: read.unreadable,
      background: slice.kind === 'backfill',
    });
    const fetched = read.facts.length + read.unreadable.length - read.repeated;
    const wish = await recordPage(tx, {
      sliceId: slice.id,
      runId: slice.runId,
      observedAt,
      nextPage: page.number + 1,
      pageTotal: report.pageCount ?? page.number,
      fetched,
      ...stored,
      unchanged: Math.max(0, stored.unchanged - read.repeated),
      rejected: read.unreadable.length,
      apiCalls: report.apiCalls,
    });
    if (page.last && !wish.cancelRequested) await finishSlice(tx, { id: slice.id, runId: slice.runId });
    await tellOfRows(tx, slice, read);
    return { stored, wish };
  });
}

/**
 * Cuts the slice of a day that turns out to be busy into parts, before anything of it is stored: each part is a row
 * with a cursor of its own. False when there is nothing to cut.
 */
async function cutBusyDay(options: PullSliceOptions, report: ReportPage): Promise<boolean> {
  const { db, slice, lease, pageRowsMax, dayPagesMax } = options;
  const pages = Math.ceil((report.count ?? 0) / pageRowsMax);
  if (slice.day === null || slice.windowFrom === null || slice.windowTo === null || pages <= dayPagesMax) return false;
  const windows = splitWindow(slice.windowFrom, slice.windowTo, Math.min(24, Math.ceil(pages / dayPagesMax)));
  if (windows === null) return false;
  await inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    await splitSlice(tx, slice.id, windows, report.apiCalls);
  });
  return true;
}

/**
 * Pulls a slice page by page from where it stopped: each page's facts and the cursor are committed together, under
 * the lease. Ends `done`, `more` (gave way, go on later) or `cancelled`; throws what keeps it from going on.
 */
export async function pullSlice(options: PullSliceOptions): Promise<'done' | 'more' | 'cancelled'> {
  const { db, client, slice, signal, pageRowsMax, now } = options;
  if (slice.windowFrom === null || slice.windowTo === null) throw new PullError('slice_without_window', 'No window');
  const startedMs = now();
  const recent = new RecentIds(RECENT_PAGES);
  let several =
    slice.severalCurrencies || (await knowsSeveralCurrencies(db, slice.integrationId, slice.settings.defaultCurrency));
  let refused = slice.refusedFields;
  for (let number = slice.nextPage; number <= PAGES_MAX; number++) {
    signal.throwIfAborted();
    const observedAt = await beginRequest(db, slice.id);
    const fields = reportFields(slice.settings, { severalCurrencies: several, refusedFields: refused });
    const report = await client.getConversions({
      affiliateId: slice.affiliateId,
      fromTime: slice.windowFrom,
      toTime: slice.windowTo,
      page: number,
      limit: pageRowsMax,
      fields,
      signal,
    });
    if (number === 1 && (await cutBusyDay(options, report))) return 'more';
    several ||= showsSeveralCurrencies(report, slice.settings.defaultCurrency);
    const asked = [...fields.required, ...fields.optional].includes(CURRENCY_FIELD);
    await requireCurrency(options, { report, asked, several });
    const refusedFields = [...new Set([...refused, ...report.refusedFields])];
    if (refusedFields.length > refused.length || several !== slice.severalCurrencies) {
      await learnTraits(db, slice.integrationId, { refusedFields, severalCurrencies: several });
    }
    refused = refusedFields;
    const context = {
      affiliateId: slice.affiliateId,
      defaultCurrency: slice.settings.defaultCurrency,
      severalCurrencies: several,
    };
    const read = readPage(report.rows, context, recent.ids);
    const last = isLastPage({
      page: number,
      limit: pageRowsMax,
      rows: report.rows.length,
      newRows: read.keys.filter((key) => !recent.ids.has(key)).length,
      pageCount: report.pageCount,
      count: report.count,
    });
    if (last === 'incomplete') {
      throw new PullError('report_incomplete', `Page ${number} is empty although the report counts more rows`, 'retry');
    }
    const { stored, wish } = await storeInOneTransaction(options, {
      report,
      read,
      observedAt,
      number,
      last,
    });
    if (last || stored.inserted + stored.updated > 0) options.onFacts();
    if (wish.cancelRequested) return 'cancelled';
    if (last) return 'done';
    recent.add(read.keys);
    if (wish.paused || now() - startedMs > options.sliceBudgetMs) return 'more';
    if (slice.priority > 0 && (await hasUrgentSlice(db, slice))) return 'more';
  }
  throw new PullError('too_many_pages', `The report does not end after ${PAGES_MAX} pages`);
}
