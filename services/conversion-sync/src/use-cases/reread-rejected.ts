import {
  claimRowsToReread,
  inTransaction,
  integrationsToReread,
  logIntegration,
  markReread,
  storePage,
  type Database,
  type KeptRow,
  type ReadingSettings,
} from '@trackly-tune/database';
import { readPage } from '../domain/read-page.js';

const ROWS_MAX = 500;

export interface RereadOptions {
  readonly db: Database;
  /** The version of the product, and with it of its rules. */
  readonly rules: string;
  readonly signal: AbortSignal;
  /** Told after each commit that attribution has to look at. */
  readonly onFacts: () => void;
  readonly onUnexpected: (error: unknown, integrationId: bigint) => void;
}

/** Rows of one page of one run stay together: they are one observation. */
function observationsOf(rows: readonly KeptRow[]): KeptRow[][] {
  const groups = new Map<string, KeptRow[]>();
  for (const row of rows) {
    const key = `${row.runId}/${row.observedAt}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].sort((one, other) =>
    (one[0]?.observedAt ?? '') < (other[0]?.observedAt ?? '') ? -1 : 1,
  );
}

/** Reads some kept rows of an integration again; returns how many there were and how many could be read. */
async function rereadSome(
  { db, rules }: RereadOptions,
  settings: ReadingSettings,
): Promise<{ rows: number; read: number }> {
  const { integrationId, accountId, settingsVersion } = settings;
  return inTransaction(db, async (tx) => {
    const rows = await claimRowsToReread(tx, { integrationId, rules, rowsMax: ROWS_MAX });
    const readIds: bigint[] = [];
    for (const group of observationsOf(rows)) {
      const [{ runId, observedAt } = { runId: null, observedAt: '' }] = group;
      const readable = group.filter((row) => readPage([row.raw], settings).facts.length > 0);
      if (readable.length === 0 || runId === null) continue;
      const { facts } = readPage(
        readable.map((row) => row.raw),
        settings,
      );
      const page = { integrationId, accountId, settingsVersion, runId, observedAt, unreadable: [], background: true };
      await storePage(tx, { ...page, rows: facts });
      readIds.push(...readable.map((row) => row.id));
    }
    await markReread(tx, { rules, ids: rows.map((row) => row.id), readIds });
    if (readIds.length > 0) {
      await logIntegration(tx, {
        ...{ integrationId, level: 'info', code: 'rejected_rows_read' },
        message: `${readIds.length} rows that could not be read before can be now, and are on their way to the books`,
        context: { rows: readIds.length },
      });
    }
    return { rows: rows.length, read: readIds.length };
  });
}

/**
 * Reads kept rows again that were last read under the rules of another version of the product, or under other settings:
 * nothing that a network showed is lost because it could not be read at the time. An observation keeps its moment, so
 * that whatever was seen later still counts. One integration that fails stops no other.
 */
export async function rereadRejected(options: RereadOptions): Promise<void> {
  const { db, rules, signal, onFacts, onUnexpected } = options;
  for (const settings of await integrationsToReread(db, rules)) {
    try {
      for (let rows = ROWS_MAX; rows === ROWS_MAX && !signal.aborted;) {
        const done = await rereadSome(options, settings);
        if (done.read > 0) onFacts();
        ({ rows } = done);
      }
    } catch (error) {
      onUnexpected(error, settings.integrationId);
    }
  }
}
