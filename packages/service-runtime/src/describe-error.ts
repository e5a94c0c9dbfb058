import { types } from 'node:util';
import { codeOf } from '@trackly-tune/domain';
import { scrubSecrets } from './scrub-secrets.js';

const CAUSES_MAX = 5;

/** What a log line says of an error: code and scrubbed text. Never its other fields, which may hold anything. */
export function describeError(error: unknown, causesLeft = CAUSES_MAX): object {
  if (!(types.isNativeError(error) || error instanceof Error))
    return { message: scrubSecrets(typeof error === 'string' ? error : typeof error) };
  const code = codeOf(error);
  // A refused connection to a host with two addresses is an AggregateError without a text of its own.
  const parts = 'errors' in error && Array.isArray(error.errors) ? error.errors.slice(0, CAUSES_MAX) : [];
  const message = error.message || parts.map((part) => (types.isNativeError(part) ? part.message : '')).join('; ');
  return {
    type: error.name,
    ...(code === null ? {} : { code }),
    message: scrubSecrets(message),
    ...(error.stack === undefined ? {} : { stack: scrubSecrets(error.stack) }),
    ...(error.cause === undefined || causesLeft === 0 ? {} : { cause: describeError(error.cause, causesLeft - 1) }),
  };
}
