import { changesOfBooking, settleTransaction, type Candidates } from '@trackly-tune/domain';
import {
  claimDue,
  contentHash,
  groupByTransaction,
  holdFacts,
  inTransaction,
  loadCandidates,
  loadConversions,
  markSettled,
  moveConversionTimes,
  nameKey,
  saveDecisions,
  transactionFacts,
  type ClaimedTransaction,
  type Database,
  type DecisionToSave,
  type LoadedConversion,
  type Tx,
} from '@trackly-tune/database';
import { causeOfDecision } from '../domain/cause-of-decision.js';
import { explainDecision, keptEvidence } from '../domain/explain-decision.js';

export interface SettledBatch {
  readonly transactions: number;
  readonly decisions: number;
  readonly entries: number;
}

/** Decides one transaction and says what of it differs from what is decided and booked. */
function decide(
  claimed: ClaimedTransaction,
  conversions: readonly LoadedConversion[],
  candidates: ReadonlyMap<string, Candidates>,
): { decisions: DecisionToSave[]; moved: { conversionId: bigint; convertedAt: Date }[] } {
  const accountId = conversions[0]?.accountId ?? '';
  const facts = transactionFacts(conversions, candidates.get(accountId));
  const settledOnes = settleTransaction(facts);
  const byId = new Map(conversions.map((conversion) => [conversion.record.conversionId, conversion]));
  const decisions: DecisionToSave[] = [];
  const moved: { conversionId: bigint; convertedAt: Date }[] = [];
  for (const settled of settledOnes) {
    const loaded = byId.get(settled.conversionId);
    if (!loaded) continue;
    if (settled.convertedAt.getTime() !== loaded.convertedAt.getTime()) moved.push(settled);
    const evidence = explainDecision(settled);
    const evidenceHash = contentHash(evidence);
    const { current } = loaded;
    if (current?.evidenceHash === evidenceHash) continue;
    decisions.push({
      integrationId: loaded.integrationId,
      decisionNo: (current?.decisionNo ?? 0) + 1,
      entryNo: current?.entryNo ?? 0,
      cause: causeOfDecision(current, settled.factVersion, claimed.cause),
      settled,
      evidence: keptEvidence(settled, facts),
      evidenceHash,
      entries: changesOfBooking(current?.booked ?? null, settled.booking),
    });
  }
  return { decisions, moved };
}

async function settleClaimed(tx: Tx, claimed: readonly ClaimedTransaction[]): Promise<SettledBatch> {
  const conversions = await loadConversions(tx, claimed);
  const candidates = await loadCandidates(tx, conversions);
  const groups = groupByTransaction(conversions);
  const outcomes = claimed.map((transaction) =>
    decide(transaction, groups.get(nameKey(transaction)) ?? [], candidates),
  );
  const decisions = outcomes.flatMap((outcome) => outcome.decisions);
  await saveDecisions(tx, decisions);
  await moveConversionTimes(
    tx,
    outcomes.flatMap((outcome) => outcome.moved),
  );
  await markSettled(
    tx,
    claimed.map(({ dueId }) => dueId),
  );
  const entries = decisions.reduce((sum, decision) => sum + decision.entries.length, 0);
  return { transactions: claimed.length, decisions: decisions.length, entries };
}

/**
 * Settles one batch of due transactions: claims them, reads all they could depend on, decides in pure code, writes
 * decisions and signed entries, all in one database transaction. Any number of copies may run at once. `only` settles
 * those with these ids, parked or not.
 */
export async function settleDue(
  db: Database,
  options: { transactionsMax: number; only?: readonly bigint[] | null },
): Promise<SettledBatch> {
  return inTransaction(db, async (tx) => {
    await holdFacts(tx);
    const claimed = await claimDue(tx, options);
    if (claimed.length === 0) return { transactions: 0, decisions: 0, entries: 0 };
    return settleClaimed(tx, claimed);
  });
}
