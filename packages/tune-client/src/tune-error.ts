import { CodedError, type Advice } from '@trackly-tune/domain';
export type TuneErrorCode =
  /** The token is wrong, or belongs to another API. */
  | 'token_rejected'
  | 'network_not_found'
  /** The network lets in listed addresses only; the message names ours. */
  | 'ip_not_allowed'
  | 'permission_denied'
  | 'rate_limited'
  /** No connection: the name, the address, TLS, or one that broke before anything was answered. */
  | 'unreachable'
  | 'timeout'
  /** Whatever stands before the network's API says that it is not there for the moment (HTTP 503). */
  | 'service_unavailable'
  /** TUNE gave up on a request that took it too long: ask for less at a time. */
  | 'gateway_timeout'
  /** Something answered that is not TUNE's JSON envelope. */
  | 'not_tune'
  | 'response_too_large'
  /** All answers that the process is reading are too much together, and this one is the largest. */
  | 'memory_full'
  | 'response_truncated'
  /** More rows on a page than were asked for. */
  | 'too_many_rows'
  | 'tune_database_error'
  | 'required_field_forbidden'
  /** Any other refusal; the message holds TUNE's words. */
  | 'tune_error'
  /** TUNE's envelope with something inside that cannot be understood. */
  | 'unexpected_answer'
  /** The rate budget cannot be asked (Redis or PostgreSQL away), or has nothing left within the bearable wait. */
  | 'budget_unavailable'
  | 'aborted';

const ADVICE: Readonly<Record<TuneErrorCode, Advice>> = {
  token_rejected: 'never',
  network_not_found: 'never',
  ip_not_allowed: 'never',
  permission_denied: 'never',
  rate_limited: 'retry-later',
  unreachable: 'retry',
  timeout: 'retry',
  service_unavailable: 'retry-later',
  gateway_timeout: 'retry',
  not_tune: 'retry-later',
  response_too_large: 'never',
  memory_full: 'retry',
  response_truncated: 'retry',
  too_many_rows: 'retry-later',
  tune_database_error: 'retry',
  required_field_forbidden: 'never',
  tune_error: 'retry-later',
  unexpected_answer: 'retry-later',
  budget_unavailable: 'retry-later',
  aborted: 'retry',
};

/** Who answered a call that failed: TUNE itself, something else (or TUNE not to its end), or nobody. */
export type AnsweredBy = 'tune' | 'other' | 'nobody';

/**
 * Everything that goes wrong with TUNE (law 11). Its text is for people and holds no token, no URL of a request and no
 * body; there is no `cause`, since what lies below may hold any of them (law 12).
 */
export class TuneError extends CodedError<TuneErrorCode> {
  readonly answeredBy: AnsweredBy;
  /** TUNE cannot load a row of what was asked for: less at a time may leave it out. */
  readonly brokenRow: boolean;

  constructor(
    code: TuneErrorCode,
    message: string,
    options: {
      advice?: Advice;
      retryAfterMs?: number | undefined;
      answeredBy?: AnsweredBy;
      brokenRow?: boolean;
    } = {},
  ) {
    super(code, message, { advice: options.advice ?? ADVICE[code], retryAfterMs: options.retryAfterMs });
    this.answeredBy = options.answeredBy ?? 'nobody';
    this.brokenRow = options.brokenRow ?? false;
  }
}
