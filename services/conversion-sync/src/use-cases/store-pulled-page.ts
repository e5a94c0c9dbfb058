import {
  finishSlice,
  holdLease,
  inTransaction,
  keepSlicePage,
  logIntegration,
  recordPage,
  storePage,
  type Database,
  type DueSlice,
  type NetworkLease,
  type RunWish,
  type StoredPage,
  type Tx,
} from '@trackly-tune/database';
import type { TakenPage } from '@trackly-tune/sync-engine';
import type { ReportPage } from '@trackly-tune/tune-client';
import { countReasons, countRows } from '../domain/count-rows.js';
import type { ReadPage } from '../domain/read-page.js';

async function tellOfRows(tx: Tx, slice: DueSlice, read: ReadPage): Promise<void> {
  if (read.unreadable.length > 0) {
    await logIntegration(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'warn',
      code: 'rows_unreadable',
      message: `${read.unreadable.length} rows could not be read and were kept as rejected rows`,
      context: { rows: read.unreadable.length, reasons: countReasons(read.unreadable) },
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

/** Stores a page and says where the slice goes on; one that is not whole goes on at its first page (law 20). */
export async function storePulledPage(
  options: { db: Database; slice: DueSlice; lease: NetworkLease },
  page: { report: ReportPage; read: ReadPage; taken: TakenPage; observedAt: string; number: number },
): Promise<{ stored: StoredPage; wish: RunWish }> {
  const { db, slice, lease } = options;
  const { report, read, taken, observedAt, number } = page;
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
    const { fetched, rejected, repeated } = countRows(read, taken.fresh);
    const again = taken.verdict === 'incomplete';
    const wish = await recordPage(tx, {
      sliceId: slice.id,
      runId: slice.runId,
      observedAt,
      nextPage: again ? 1 : number + 1,
      reading: slice.reading + (again ? 1 : 0),
      promised: again ? null : taken.promised,
      pageTotal: Math.max(report.pageCount ?? 1, number),
      fetched,
      ...stored,
      unchanged: Math.max(0, stored.unchanged - repeated),
      rejected,
      apiCalls: report.apiCalls,
    });
    if (taken.verdict === 'whole' && !wish.cancelRequested) await finishSlice(tx, { id: slice.id, runId: slice.runId });
    else await keepSlicePage(tx, { sliceId: slice.id, reading: slice.reading, page: number, keyBytes: taken.keyBytes });
    await tellOfRows(tx, slice, read);
    return { stored, wish };
  });
}
