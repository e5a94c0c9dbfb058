export type OfferStatus = 'active' | 'paused' | 'expired' | 'archived';

const STATUS_OF_TUNE: Readonly<Record<string, OfferStatus>> = {
  active: 'active',
  paused: 'paused',
  pending: 'paused',
  expired: 'expired',
  deleted: 'archived',
};

/** TUNE's offer status as ours; an unknown one is `paused`, since nothing should be sent for it (the raw one is kept). */
export function offerStatusOf(tuneStatus: string): OfferStatus {
  return STATUS_OF_TUNE[tuneStatus.toLowerCase()] ?? 'paused';
}
