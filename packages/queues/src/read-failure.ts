/**
 * What each advice of an error becomes (law 11):
 * - `never`: the job fails at once, whatever attempts are left;
 * - `retry`, and errors without an advice: tried again after the job's back-off, which doubles each time;
 * - `retry-later`: tried again after the error's own `retryAfterMs`, else after 30 s, doubling each time.
 * A job that runs out of attempts is given up, which loses nothing: the reconcilers signal what is still due.
 */
export type Advice = 'retry' | 'retry-later' | 'never';

/** What an error says of itself (law 11). */
export interface Failure {
  /** Stable; `internal_error` for an error without one, which nobody foresaw. */
  readonly code: string;
  readonly advice: Advice;
  /** Milliseconds, 0 or more. */
  readonly retryAfterMs: number | undefined;
}

/** Reads code and advice of whatever was thrown. What has no advice may be tried again. */
export function readFailure(error: unknown): Failure {
  const { code, advice, retryAfterMs } = (error ?? {}) as { code?: unknown; advice?: unknown; retryAfterMs?: unknown };
  return {
    code: typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : 'internal_error',
    advice: advice === 'never' || advice === 'retry-later' ? advice : 'retry',
    retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined,
  };
}
