/** What an error says of itself (law 11). */
export interface Failure {
  /** Stable; `internal_error` for an error without one, which nobody foresaw. */
  readonly code: string;
  readonly advice: 'retry' | 'retry-later' | 'never';
  readonly retryAfterMs: number | undefined;
}

/** Reads code and advice of whatever was thrown. What has no advice may be tried again. */
export function readFailure(error: unknown): Failure {
  const { code, advice, retryAfterMs } = (error ?? {}) as { code?: unknown; advice?: unknown; retryAfterMs?: unknown };
  return {
    code: typeof code === 'string' ? code : 'internal_error',
    advice: advice === 'never' || advice === 'retry-later' ? advice : 'retry',
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}
