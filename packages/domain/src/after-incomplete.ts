/** So often a list is read from its first page before its slice fails. */
export const READINGS_MAX = 3;

const DELAYS_MS = [3_000, 15_000];

/** What becomes of a slice whose list was not whole in the reading of this number, from 1. */
export function afterIncomplete(
  reading: number,
): { readonly kind: 'read_again'; readonly delayMs: number } | { readonly kind: 'fail'; readonly retrySoon: boolean } {
  const delayMs = DELAYS_MS[reading - 1];
  if (reading >= READINGS_MAX || delayMs === undefined) return { kind: 'fail', retrySoon: true };
  return { kind: 'read_again', delayMs };
}
