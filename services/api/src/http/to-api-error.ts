import { codeOf } from '@trackly-tune/domain';
import { isStoreAway } from '@trackly-tune/database';
import { ApiError, invalidRequest, storeUnavailable } from './api-error.js';
import { describeInvalid, type SentParts } from './describe-invalid.js';

/** What Fastify refuses by itself, in our words. */
const OF_FASTIFY: Readonly<Record<string, () => ApiError>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiError(415, 'unsupported_media_type', 'This route does not read this Content-Type; send application/json'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => new ApiError(413, 'body_too_large', 'The body is larger than 5 MB'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    invalidRequest({ path: 'body', message: 'is not as long as Content-Length says' }),
  FST_ERR_BAD_URL: () => invalidRequest({ path: 'path', message: 'is not a valid URL' }),
  FST_ERR_MAX_PARAM_LENGTH: () => invalidRequest({ path: 'path', message: 'is too long' }),
  FST_ERR_HANDLER_TIMEOUT: () =>
    new ApiError(503, 'time_limit_exceeded', 'The answer took too long; try again', {
      headers: { 'retry-after': '5' },
    }),
};

/** A change of the same rows by others that did not end within the retries of a transaction. */
const CONCURRENT = new Set(['40001', '40P01', 'concurrent_change']);

function isBadRequest(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

/**
 * The one place that turns errors into what HTTP says (law 11). Expected ones keep their code; anything else is a 500
 * that says nothing of the inside, and `unexpected` so that it is logged.
 */
export function toApiError(error: unknown, request: SentParts): { answer: ApiError; unexpected: boolean } {
  if (error instanceof ApiError) return { answer: error, unexpected: false };
  const invalid = describeInvalid(error, request);
  if (invalid !== null) return { answer: invalid, unexpected: false };
  const code = codeOf(error) ?? '';
  const known = Object.hasOwn(OF_FASTIFY, code) ? OF_FASTIFY[code] : undefined;
  if (known !== undefined) return { answer: known(), unexpected: false };
  if (isStoreAway(error)) return { answer: storeUnavailable(), unexpected: true };
  if (CONCURRENT.has(code)) {
    const answer = new ApiError(503, 'concurrent_change', 'Others were changing the same thing; try again', {
      headers: { 'retry-after': '1' },
    });
    return { answer, unexpected: true };
  }
  if (code === 'queue_unavailable') {
    const answer = new ApiError(503, 'queue_unavailable', 'The queues cannot be reached; try again', {
      headers: { 'retry-after': '5' },
    });
    return { answer, unexpected: true };
  }
  if (code.startsWith('FST_') && isBadRequest(error)) {
    return { answer: invalidRequest({ path: 'request', message: 'cannot be understood' }), unexpected: false };
  }
  return {
    answer: new ApiError(500, 'internal_error', 'Something went wrong inside; it was logged'),
    unexpected: true,
  };
}
