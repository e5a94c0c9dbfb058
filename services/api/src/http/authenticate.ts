import { timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@trackly-tune/service-runtime';
import type { FastifyRequest } from 'fastify';
import { hashSecret } from './hash-secret.js';
import { ApiError } from './api-error.js';

export interface Authenticator {
  /** Throws 401 `unauthorized` unless `X-Api-Key` holds one of the keys. */
  requireKey(request: FastifyRequest): void;
  /** As `requireKey`, for keys without an account only; also takes the key as the password of Basic auth. */
  requireUnscopedKey(request: FastifyRequest): void;
  /** The key that the request was let in with; null before, and on public routes. */
  keyOf(request: FastifyRequest): ApiKey | null;
}

function passwordOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic ([A-Za-z0-9+/_=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const credentials = Buffer.from(encoded, 'base64').toString();
  return credentials.slice(credentials.indexOf(':') + 1);
}

function unauthorized(headers: Readonly<Record<string, string>>): ApiError {
  return new ApiError(401, 'unauthorized', 'The X-Api-Key header holds no key that is known here', { headers });
}

/**
 * Lets requests in by their API key. Hashes are compared, all of them and in constant time, so that nothing is learnt
 * from how long a refusal takes.
 */
export function createAuthenticator(keys: readonly ApiKey[]): Authenticator {
  const known = keys.map((key) => ({ key, hash: hashSecret(key.key) }));
  const letIn = new WeakMap<FastifyRequest, ApiKey>();

  function find(presented: string | undefined): ApiKey | null {
    const hash = hashSecret(presented ?? '');
    let found: ApiKey | null = null;
    for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) found = candidate.key;
    return found;
  }

  function header(request: FastifyRequest): string | undefined {
    const value = request.headers['x-api-key'];
    return typeof value === 'string' ? value : undefined;
  }

  return {
    requireKey(request) {
      const key = find(header(request));
      if (key === null) throw unauthorized({});
      letIn.set(request, key);
    },
    requireUnscopedKey(request) {
      const key = find(header(request) ?? passwordOf(request.headers.authorization));
      if (key?.accountId !== null) throw unauthorized({ 'www-authenticate': 'Basic realm="queues", charset="UTF-8"' });
      letIn.set(request, key);
    },
    keyOf: (request) => letIn.get(request) ?? null,
  };
}
