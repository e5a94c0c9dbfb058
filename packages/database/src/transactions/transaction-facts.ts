import type { Candidates, TransactionFacts } from '@trackly-tune/domain';
import type { LoadedConversion } from './load-conversions.js';
import type { TransactionName } from './transaction-id.js';

const NOBODY: Candidates = { clicks: new Map(), messages: new Map() };

/** What tells transactions apart: two integrations of an account may know the same id. */
export function nameKey({ integrationId, transactionId }: TransactionName): string {
  return `${integrationId}/${transactionId}`;
}

/** Loaded conversions by the transaction that they are settled in (`nameKey`). */
export function groupByTransaction(conversions: readonly LoadedConversion[]): Map<string, LoadedConversion[]> {
  const groups = new Map<string, LoadedConversion[]>();
  for (const conversion of conversions) {
    const key = nameKey(conversion);
    const group = groups.get(key);
    if (group) group.push(conversion);
    else groups.set(key, [conversion]);
  }
  return groups;
}

/** The conversions of one transaction as it is settled; `candidates` are those of its account. */
export function transactionFacts(
  conversions: readonly LoadedConversion[],
  candidates: Candidates | undefined,
): TransactionFacts {
  return {
    pulled: conversions.flatMap(({ record }) => (record.source === 'pull' ? [record] : [])),
    postbacks: conversions.flatMap(({ record }) => (record.source === 'postback' ? [record] : [])),
    candidates: candidates ?? NOBODY,
  };
}
