/** Which slices of a network go first: a lower number. What is not live uses only what live work leaves. */
export const SLICE_PRIORITY = { live: 0, refresh: 1, changes: 5, backfill: 10 } as const;
