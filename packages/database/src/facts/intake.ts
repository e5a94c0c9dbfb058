import type { Tx } from '../connection/connection.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';

/** What became of one record of a bulk call. */
export type IntakeOutcome = 'stored' | 'duplicate' | 'conflict';

/** How one kind of fact is stored and told apart. */
export interface FactKind<Fact> {
  /** Identity: account and id, as one text. */
  keyOf(fact: Fact): string;
  /** Whether two records of one identity, the first of them stored, are the same record. */
  isSame(stored: Fact, fact: Fact): boolean;
  /** Stores what is not there yet and leaves a mark for each; returns the keys of what was stored. */
  insertNew(tx: Tx, facts: readonly Fact[]): Promise<string[]>;
  /** The stored facts with the identities of these. */
  readStored(tx: Tx, facts: readonly Fact[]): Promise<Fact[]>;
}

/**
 * Stores facts that never change: one INSERT for the whole call, then one read of those that were there before, to
 * tell the same record from a different one under a known id. Outcomes stand in the order of `facts`. A record that
 * comes twice in one call is judged against its first occurrence.
 */
export async function takeIn<Fact>(tx: Tx, kind: FactKind<Fact>, facts: readonly Fact[]): Promise<IntakeOutcome[]> {
  if (facts.length === 0) return [];
  const first = new Map<string, Fact>();
  for (const fact of facts) {
    const key = kind.keyOf(fact);
    if (!first.has(key)) first.set(key, fact);
  }
  const added = new Set(await kind.insertNew(tx, [...first.values()]));
  const before = [...first].filter(([key]) => !added.has(key)).map(([, fact]) => fact);
  const stored = new Map([...first].filter(([key]) => added.has(key)));
  if (before.length > 0) {
    for (const fact of await kind.readStored(tx, before)) stored.set(kind.keyOf(fact), fact);
  }
  return facts.map((fact) => {
    const key = kind.keyOf(fact);
    const kept = stored.get(key);
    if (kept === undefined) throw new ConcurrentChangeError('A record that was there has gone');
    if (kept === fact && added.has(key)) return 'stored';
    return kind.isSame(kept, fact) ? 'duplicate' : 'conflict';
  });
}
