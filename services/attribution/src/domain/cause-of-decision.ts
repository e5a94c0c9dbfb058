import type { DecisionCause } from '@trackly-tune/domain';

/**
 * Names the cause: the first decision, a new version of the facts, or what re-opened the transaction: late facts, a
 * postback or a pull of another record of it. `reopenedBy` is what the transaction was marked with.
 */
export function causeOfDecision(
  current: { factVersion: number } | null,
  factVersion: number,
  reopenedBy: string,
): DecisionCause {
  if (current === null) return 'first_seen';
  if (current.factVersion !== factVersion) return 'changed';
  switch (reopenedBy) {
    case 'late_click':
    case 'late_message':
    case 'reattribution':
    case 'postback':
    case 'pull':
      return reopenedBy;
    default:
      return 'changed';
  }
}
