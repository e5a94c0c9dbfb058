import { NOT_FOUND } from '../schemas.js';
import { headerRefs } from './answer-headers.js';
import type { DocumentedAnswer } from './openapi-types.js';

/** An error that many routes answer alike. */
interface NamedAnswer {
  readonly status: number;
  readonly description: string;
  readonly example: { readonly error: string; readonly code: string; readonly details?: readonly object[] };
}

/** By their names among the components of the document. */
export const NAMED_ANSWERS = {
  InvalidRequest: {
    status: 400,
    description: '`invalid_request`: body, query or path is not valid; `details` name the fields',
    example: {
      error: 'The request is not valid: per_page must be a whole number from 1 to 1000, not "5000"',
      code: 'invalid_request',
      details: [{ path: 'per_page', message: 'must be a whole number from 1 to 1000, not "5000"' }],
    },
  },
  Unauthorized: {
    status: 401,
    description: '`unauthorized`: X-Api-Key is missing or not known',
    example: { error: 'The X-Api-Key header holds no key that is known here', code: 'unauthorized' },
  },
  ReadOnlyKey: {
    status: 403,
    description: '`read_only_key`: the key may only read',
    example: {
      error: 'The key reports may only read; ask with a key that may change things',
      code: 'read_only_key',
    },
  },
  NotFound: {
    status: 404,
    description: NOT_FOUND,
    example: { error: 'There is no such integration', code: 'not_found' },
  },
  NotAcceptable: {
    status: 406,
    description: '`not_acceptable`: the Accept header leaves out application/json',
    example: { error: 'Answers are application/json, which the Accept header leaves out', code: 'not_acceptable' },
  },
  IdempotencyInProgress: {
    status: 409,
    description: '`idempotency_in_progress`: a request with this Idempotency-Key is still running',
    example: { error: 'A request with this Idempotency-Key is still running', code: 'idempotency_in_progress' },
  },
  BodyTooLarge: {
    status: 413,
    description: '`body_too_large`: more than 5 MB',
    example: { error: 'The body is larger than 5 MB', code: 'body_too_large' },
  },
  UnsupportedMediaType: {
    status: 415,
    description: '`unsupported_media_type`: not application/json',
    example: {
      error: 'This route does not read this Content-Type; send application/json',
      code: 'unsupported_media_type',
    },
  },
  IdempotencyKeyReused: {
    status: 422,
    description: '`idempotency_key_reused`: this Idempotency-Key was used with another body',
    example: {
      error: 'This Idempotency-Key was used with another body; take a new key for a new request',
      code: 'idempotency_key_reused',
    },
  },
  InternalError: {
    status: 500,
    description: '`internal_error`: it was logged under the request id of X-Request-Id',
    example: { error: 'Something went wrong inside; it was logged', code: 'internal_error' },
  },
  Unavailable: {
    status: 503,
    description:
      '`store_unavailable`, `queue_unavailable`, `concurrent_change`, `time_limit_exceeded` or, of exports, `exports_busy`: it passes; try again after Retry-After',
    example: { error: 'The database cannot be reached; try again', code: 'store_unavailable' },
  },
} satisfies Record<string, NamedAnswer>;

export type AnswerName = keyof typeof NAMED_ANSWERS;

const NAME_OF = new Map(Object.entries(NAMED_ANSWERS).map(([name, { description }]) => [description, name]));

/** The shared answer that a route describes word for word; null for one of its own. */
export function answerNameOf({ description }: DocumentedAnswer): string | null {
  return NAME_OF.get(description) ?? null;
}

/** The shared answers as components. */
export function namedAnswers(): Record<string, DocumentedAnswer> {
  return Object.fromEntries(
    Object.entries(NAMED_ANSWERS).map(([name, { status, description, example }]) => [
      name,
      {
        description,
        headers: headerRefs(['X-Request-Id', ...(status === 503 ? ['Retry-After'] : [])]),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, example } },
      },
    ]),
  );
}
