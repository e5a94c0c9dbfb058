const DAY_MS = 86_400_000;

/**
 * What happened cannot lie ahead. A day of tolerance is for clocks and zones that are wrong; beyond it a record would
 * win over every real one that conversions are held against, for as long as it lies ahead.
 */
export function refuseFuture(
  field: string,
  at: Date,
  now: Date,
): { readonly code: 'time_in_future'; readonly error: string } | null {
  if (at.getTime() - now.getTime() <= DAY_MS) return null;
  return {
    code: 'time_in_future',
    error: `${field}: ${at.toISOString()} is more than a day in the future; send the time at which it happened`,
  };
}
