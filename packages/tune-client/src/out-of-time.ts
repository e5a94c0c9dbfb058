/**
 * Whether a call ended because its caller's time was over (`AbortSignal.timeout`), not because somebody gave it up: then
 * the error says what the time went into.
 */
export function isOutOfTime(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && (signal.reason as { name?: unknown } | null)?.name === 'TimeoutError';
}
