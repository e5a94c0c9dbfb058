import {
  beginRequest,
  hasUrgentSlice,
  holdLease,
  inTransaction,
  knowsSeveralCurrencies,
  learnTraits,
  logIntegration,
  splitSlice,
  type Database,
} from '@trackly-tune/database';
import { isCoded } from '@trackly-tune/domain';
import { EndlessListError, openReading, type SliceTurn, type TurnOutcome } from '@trackly-tune/sync-engine';
import { MissingListError, type ReportPage, type TuneClient } from '@trackly-tune/tune-client';
import { CurrencyHiddenError } from '../currency-hidden.js';
import { maskUnreadable, readPage, showsSeveralCurrencies } from '../domain/read-page.js';
import { CURRENCY_FIELD, reportFields } from '../domain/report-fields.js';
import { splitWindow } from '../domain/split-window.js';
import { storePulledPage } from './store-pulled-page.js';

export interface PullSliceOptions extends SliceTurn {
  readonly db: Database;
  readonly pageRowsMax: number;
  /** A day with more pages than this is read in parts, since deep pages are slow. */
  readonly dayPagesMax: number;
  /** Called after each commit that attribution has to look at: touched transactions, or a run's last page. */
  readonly onFacts: () => void;
}

/** No report has more pages; a server that never ends is nonsense. */
const PAGES_MAX = 20_000;

/** null when the network does not say, or refuses to; a failure that may pass is thrown, since it answers nothing. */
async function askCurrencies(client: TuneClient, signal: AbortSignal): Promise<readonly string[] | null> {
  try {
    return await client.getActiveCurrencies(signal);
  } catch (error) {
    if (isCoded(error) && error.advice === 'never') return null;
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
    throw new CurrencyHiddenError();
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
 * the lease. Ends `done`, `more` (yielded, go on later) or `cancelled`; throws what keeps it from going on.
 */
export async function pullSlice(options: PullSliceOptions): Promise<TurnOutcome> {
  const { db, client, slice, signal, pageRowsMax } = options;
  if (slice.windowFrom === null || slice.windowTo === null) throw new Error(`Slice ${slice.id} has no window`);
  const { reading, nextPage } = await openReading(db, slice);
  let several =
    slice.severalCurrencies || (await knowsSeveralCurrencies(db, slice.integrationId, slice.settings.defaultCurrency));
  let refused = slice.refusedFields;
  for (let number = nextPage; number <= PAGES_MAX; number++) {
    signal.throwIfAborted();
    const observedAt = await beginRequest(db, slice.id);
    const fields = reportFields(slice.settings, { severalCurrencies: several, refusedFields: refused });
    const { affiliateId, windowFrom: fromTime, windowTo: toTime } = slice;
    const query = { affiliateId, fromTime, toTime, page: number, limit: pageRowsMax, fields, signal };
    const report = await client.getConversions(query).catch((error: unknown) => {
      throw error instanceof MissingListError ? reading.missing(number) : error;
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
    const read = maskUnreadable(readPage(report.rows, context), (row) => client.maskRow(row));
    const taken = reading.take({ ...report, page: number, keys: read.keys });
    const { stored, wish } = await storePulledPage(options, { report, read, taken, observedAt, number });
    const last = taken.verdict === 'whole';
    if (last || stored.inserted + stored.updated > 0) options.onFacts();
    if (wish.cancelRequested) return 'cancelled';
    if (last) return 'done';
    if (taken.error) throw taken.error;
    if (wish.paused || options.isTimeOver()) return 'more';
    if (slice.priority > 0 && (await hasUrgentSlice(db, slice))) return 'more';
  }
  throw new EndlessListError('The report', PAGES_MAX, 'never');
}
