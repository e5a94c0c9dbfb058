import { CodedError } from '@trackly-tune/domain';
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

interface ErrorParts {
  readonly details?: readonly ErrorDetail[];
  /** Stands beside `error` and `code` in the answer. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that the caller can read: status, stable code, text for people. */
export class ApiError extends CodedError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    readonly parts: ErrorParts = {},
  ) {
    super(code, message, { advice: 'never' });
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `There is no such ${what}`);
}

export function invalidRequest(...details: readonly ErrorDetail[]): ApiError {
  const [first] = details;
  const about = first === undefined ? '' : `: ${first.path} ${first.message}`;
  return new ApiError(400, 'invalid_request', `The request is not valid${about}`, { details });
}

/** A 409 with a code of its own; `extra` stands beside `error` and `code`, `details` name the fields in the way. */
export function conflict(
  code: string,
  message: string,
  extra: Readonly<Record<string, string>> = {},
  details?: readonly ErrorDetail[],
): ApiError {
  return new ApiError(409, code, message, { extra, ...(details === undefined ? {} : { details }) });
}

const STORE_RETRY_AFTER_SECONDS = 5;

/** PostgreSQL is away, or its schema is not there yet: nothing was done, the same request may come again. */
export function storeUnavailable(): ApiError {
  return new ApiError(503, 'store_unavailable', 'The database cannot be reached; try again', {
    headers: { 'retry-after': String(STORE_RETRY_AFTER_SECONDS) },
  });
}
