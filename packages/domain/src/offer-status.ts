export type OfferStatus = 'active' | 'paused' | 'expired' | 'archived';

const STATUS_OF_TUNE: ReadonlyMap<string, OfferStatus> = new Map([
  ['active', 'active'],
  ['paused', 'paused'],
  ['pending', 'paused'],
  ['expired', 'expired'],
  ['deleted', 'archived'],
]);

/**
 * TUNE's offer status as ours; an unknown one is `paused`, since nothing should be sent for it (the raw one is kept).
 * TUNE leaves an offer that is over on the status that it had: it is `expired` unless it is deleted.
 *
 * @param isOver see `hasExpired`
 */
export function offerStatusOf(tuneStatus: string, isOver: boolean): OfferStatus {
  const status = STATUS_OF_TUNE.get(tuneStatus.toLowerCase()) ?? 'paused';
  return isOver && status !== 'archived' ? 'expired' : status;
}
