import { sql } from 'kysely';
import { dayOf, searchOfRow } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { loadRepinned, type RepinnedConversion } from './load-repinned.js';
import type { ReattributionScope } from './reattribution-scope.js';
import { recordset } from '../connection/recordset.js';
import { addLookups, type TransactionSearch } from '../transactions/add-lookups.js';
import { markDue } from '../transactions/mark-due.js';

const isMoved = ({ pinned, record }: RepinnedConversion): boolean =>
  pinned.settingsVersion !== record.settings.version || pinned.clickWindowDays !== record.clickWindowDays;

/** A postback's day depends on the time zone; that of a pulled row is TUNE's own text and stays. */
async function writePins(tx: Tx, moved: readonly RepinnedConversion[]): Promise<void> {
  if (moved.length === 0) return;
  const records = moved.map(({ record }) => ({
    id: record.conversionId,
    settings_version: record.settings.version,
    click_window_days: record.clickWindowDays,
    day: record.source === 'pull' ? null : dayOf(new Date(record.facts.received_at), record.settings.timeZone),
  }));
  await sql`
    UPDATE conversions c SET settings_version = r.settings_version, click_window_days = r.click_window_days,
      day = coalesce(r.day, c.day)
    FROM ${recordset(records, 'id bigint, settings_version smallint, click_window_days smallint, day date')}
    WHERE c.id = r.id`.execute(tx);
}

/** Where rows look now. Where a postback looks does not depend on settings. */
const searchesOf = (moved: readonly RepinnedConversion[]): TransactionSearch[] =>
  moved.flatMap(({ record, accountId, transactionId }) =>
    record.source === 'postback'
      ? []
      : [{ accountId, transactionId, search: searchOfRow(record.facts, record.settings) }],
  );

/**
 * Puts the conversions of some transactions that are in scope under the settings of a re-attribution and re-opens the
 * transactions, all of them: rules may have changed as well. Lookups are written in the same transaction, under the
 * locks that every writer of facts takes, so that no late fact is missed. Returns how many conversions were moved.
 */
export async function pinSettings(
  tx: Tx,
  scope: ReattributionScope,
  transactionIds: readonly string[],
): Promise<number> {
  const { integrationId } = scope;
  const due = transactionIds.map((transactionId) => ({
    integrationId,
    transactionId,
    cause: 'reattribution' as const,
  }));
  await markDue(tx, due, { background: true });
  const { repinned } = await loadRepinned(tx, scope, transactionIds);
  const moved = repinned.filter(isMoved);
  await writePins(tx, moved);
  await addLookups(tx, searchesOf(moved));
  return moved.filter(({ isClaimed }) => !isClaimed).length;
}
