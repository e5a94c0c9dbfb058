import { sql } from 'kysely';
import { dayOf, searchOfRow } from '@trackly-tune/domain';
import type { Transaction } from './connection.js';
import { loadRepinned, type RepinnedConversion } from './load-repinned.js';
import type { ReattributionScope } from './reattribution-scope.js';
import { recordset } from './recordset.js';

/** Locks transactions in the order of their ids, as everybody does who locks several. */
async function lockTransactions(tx: Transaction, transactionIds: readonly bigint[]): Promise<void> {
  await sql`
    SELECT 1 FROM transactions WHERE id = ANY(${transactionIds}::bigint[]) ORDER BY id FOR UPDATE`.execute(tx);
}

const isMoved = ({ pinned, record }: RepinnedConversion): boolean =>
  pinned.settingsVersion !== record.settings.version || pinned.clickWindowDays !== record.clickWindowDays;

/** A postback's day depends on the time zone; that of a pulled row is TUNE's own text and stays. */
async function writePins(tx: Transaction, moved: readonly RepinnedConversion[]): Promise<void> {
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
    FROM ${recordset(records, 'id bigint, settings_version integer, click_window_days integer, day date')}
    WHERE c.id = r.id`.execute(tx);
}

/** The ids under which rows look now: without them a late click or message would never find the transaction. */
async function addLookups(tx: Transaction, moved: readonly RepinnedConversion[]): Promise<void> {
  const lookups = moved.flatMap(({ record, accountId, transactionId }) => {
    // Where a postback looks does not depend on settings.
    if (record.source === 'postback') return [];
    const { clicks, message } = searchOfRow(record.facts, record.settings);
    const place = { account_id: accountId, transaction_id: transactionId };
    return [
      ...clicks.map(({ key }) => ({ ...place, kind: 'click', key })),
      ...(message === null ? [] : [{ ...place, kind: 'message', key: message.value }]),
    ];
  });
  if (lookups.length === 0) return;
  await sql`
    INSERT INTO transaction_lookups (account_id, kind, key, transaction_id)
    SELECT DISTINCT account_id COLLATE "C", kind, key COLLATE "C", transaction_id
    FROM ${recordset(lookups, 'account_id text, kind text, key text, transaction_id bigint')}
    ORDER BY account_id COLLATE "C", kind, key COLLATE "C", transaction_id
    ON CONFLICT DO NOTHING`.execute(tx);
}

/**
 * Puts the conversions of some transactions that are in scope under the settings of a re-attribution and re-opens the
 * transactions, all of them: rules may have changed as well. Lookups are written in the same transaction, under the
 * locks that every writer of facts takes, so that no late fact is missed. Returns how many conversions were moved.
 */
export async function pinSettings(
  tx: Transaction,
  scope: ReattributionScope,
  transactionIds: readonly bigint[],
): Promise<number> {
  await lockTransactions(tx, transactionIds);
  const { repinned } = await loadRepinned(tx, scope, transactionIds);
  const moved = repinned.filter(isMoved);
  await writePins(tx, moved);
  await addLookups(tx, moved);
  await sql`
    UPDATE transactions SET due_since = coalesce(due_since, clock_timestamp()),
      cause = coalesce(cause, 'reattribution'), not_before = NULL, background = due_since IS NULL OR background
    WHERE id = ANY(${transactionIds}::bigint[])`.execute(tx);
  return moved.filter(({ isClaimed }) => !isClaimed).length;
}
