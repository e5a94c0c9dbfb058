import type { Candidates, TransactionFacts } from '@trackly-tune/domain';
import type { LoadedConversion } from './claim-due.js';

const NOBODY: Candidates = { clicks: new Map(), messages: new Map() };

/** Loaded conversions by the transaction that they are settled in. */
export function groupByTransaction(conversions: readonly LoadedConversion[]): Map<bigint, LoadedConversion[]> {
  const groups = new Map<bigint, LoadedConversion[]>();
  for (const conversion of conversions) {
    const group = groups.get(conversion.transactionId);
    if (group) group.push(conversion);
    else groups.set(conversion.transactionId, [conversion]);
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
