/**
 * What an error advises whoever meets it (law 11):
 * - `retry`: the same may go through when it is tried again;
 * - `retry-later`: so it may, but not before a while;
 * - `never`: it stays so until somebody changes something.
 */
export type Advice = 'retry' | 'retry-later' | 'never';

export interface CodedErrorOptions {
  readonly advice: Advice;
  /** Milliseconds, 0 or more: not earlier than this; absent where nobody said. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure that somebody foresaw (law 11): one class for each, named after itself, with a code that never changes
 * and an advice. The text is for people and holds no secret.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly advice: Advice;
  declare readonly retryAfterMs?: number;

  constructor(code: Code, message: string, { advice, retryAfterMs, cause }: CodedErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.advice = advice;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

export function isCoded(error: unknown): error is CodedError {
  return error instanceof CodedError;
}

/** What an error says of itself. */
export interface Failure {
  /** Stable; `internal_error` for whatever nobody foresaw. */
  readonly code: string;
  readonly advice: Advice;
  readonly retryAfterMs: number | undefined;
}

/**
 * Reads code and advice of whatever was thrown. What is not a CodedError was not foreseen, whatever code a library gave
 * it: an internal error that may be tried again.
 */
export function readFailure(error: unknown): Failure {
  if (!isCoded(error)) return { code: 'internal_error', advice: 'retry', retryAfterMs: undefined };
  return { code: error.code, advice: error.advice, retryAfterMs: error.retryAfterMs };
}

/** The code that an error carries, ours or a library's (`ECONNREFUSED`, `40P01`); null when it has none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && error.code !== '' ? error.code : null;
}
