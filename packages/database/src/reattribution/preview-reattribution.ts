import { sql } from 'kysely';
import {
  addMoves,
  type Booking,
  CodedError,
  movesOfBooking,
  type ReattributionMove,
  settleTransaction,
  WORTHLESS,
} from '@trackly-tune/domain';
import { loadCandidates } from '../transactions/load-candidates.js';
import type { LoadedConversion } from '../transactions/load-conversions.js';
import type { Database, Tx } from '../connection/connection.js';
import { loadRepinned } from './load-repinned.js';
import { readScopeBatch, type ReattributionScope } from './reattribution-scope.js';
import { groupByTransaction, nameKey, transactionFacts } from '../transactions/transaction-facts.js';

export interface ReattributionPreview {
  readonly conversions: number;
  readonly moves: ReadonlyMap<string, ReattributionMove>;
}

/** More conversions are in scope than a preview looks at. */
export class PreviewTooLargeError extends CodedError<'too_many_conversions'> {
  constructor(message: string) {
    super('too_many_conversions', message, { advice: 'never' });
  }
}

const BATCH_CONVERSIONS_MAX = 1_000;
const WALKED_MAX = 50_000;

/** Those of some transactions that are due, by `nameKey`. */
async function readDue(
  tx: Tx,
  { integrationId }: ReattributionScope,
  transactionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ transactionId: string }>`
    SELECT transaction_id AS "transactionId" FROM due_transactions
    WHERE integration_id = ${integrationId} AND transaction_id = ANY(${transactionIds}::uuid[])`.execute(tx);
  return new Set(rows.map(({ transactionId }) => nameKey({ integrationId, transactionId })));
}

/** What stands in the books; for what waits to be settled, what is going to stand there without a re-attribution. */
function bookingsBefore(
  conversions: readonly LoadedConversion[],
  settledAsIs: ReturnType<typeof settleTransaction>,
  isDue: boolean,
): ReadonlyMap<bigint, Booking> {
  const booked = new Map(settledAsIs.map(({ conversionId, booking }) => [conversionId, booking]));
  if (isDue) return booked;
  for (const { record, current } of conversions) {
    const asIs = booked.get(record.conversionId);
    if (current === null || asIs === undefined) continue;
    booked.set(record.conversionId, current.booked ?? { ...asIs, worth: WORTHLESS });
  }
  return booked;
}

async function addMovesOf(
  tx: Tx,
  scope: ReattributionScope,
  transactionIds: readonly string[],
  moves: Map<string, ReattributionMove>,
): Promise<void> {
  const { before, after } = await loadRepinned(tx, scope, transactionIds);
  const due = await readDue(tx, scope, transactionIds);
  const candidatesBefore = await loadCandidates(tx, before);
  const candidatesAfter = await loadCandidates(tx, after);
  const groupsAfter = groupByTransaction(after);
  for (const [key, conversions] of groupByTransaction(before)) {
    const accountId = conversions[0]?.accountId ?? '';
    const asIs = settleTransaction(transactionFacts(conversions, candidatesBefore.get(accountId)));
    const booked = bookingsBefore(conversions, asIs, due.has(key));
    const facts = transactionFacts(groupsAfter.get(key) ?? [], candidatesAfter.get(accountId));
    for (const { conversionId, booking } of settleTransaction(facts)) {
      const from = booked.get(conversionId);
      if (from !== undefined) addMoves(moves, movesOfBooking(from, booking));
    }
  }
}

/**
 * What a re-attribution would move, decided by the same pure rules from the same facts, in batches of one snapshot.
 * Writes nothing. Throws PreviewTooLargeError above `conversionsMax`; stops between batches once `signal` is aborted.
 */
export async function previewReattribution(
  db: Database,
  scope: ReattributionScope,
  options: { conversionsMax: number; signal: AbortSignal },
): Promise<ReattributionPreview> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const moves = new Map<string, ReattributionMove>();
      const seen = new Set<string>();
      let conversions = 0;
      let after: bigint | null = 0n;
      while (after !== null) {
        options.signal.throwIfAborted();
        const batch = await readScopeBatch(tx, scope, {
          after,
          walkedMax: WALKED_MAX,
          foundMax: BATCH_CONVERSIONS_MAX,
        });
        conversions += batch.conversions.filter(({ isClaimed }) => !isClaimed).length;
        if (conversions > options.conversionsMax) {
          throw new PreviewTooLargeError(`More than ${options.conversionsMax} conversions are in scope`);
        }
        const fresh = batch.conversions.map(({ transactionId }) => transactionId).filter((id) => !seen.has(id));
        const transactionIds = [...new Set(fresh)];
        for (const id of transactionIds) seen.add(id);
        if (transactionIds.length > 0) await addMovesOf(tx, scope, transactionIds, moves);
        after = batch.next;
      }
      return { conversions, moves };
    });
}
