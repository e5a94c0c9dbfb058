import { timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@trackly-tune/service-runtime';
import type { FastifyRequest } from 'fastify';
import { hashSecret } from './hash-secret.js';
import { ApiError } from './api-error.js';

export interface Authenticator {
  /**
   * Throws 401 `unauthorized` unless `X-Api-Key` holds one of the keys, and 403 `read_only_key` for one that only reads when
   * the request is no GET or HEAD.
   */
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

const READING = new Set(['GET', 'HEAD']);

/**
 * Lets requests in by their API key. Hashes are compared, all of them and in constant time, so that nothing is learnt
 * from how long a refusal takes.
 */
export function createAuthenticator(keys: readonly ApiKey[]): Authenticator {
  const known = keys.map((key) => ({ key, hash: hashSecret(key.key) }));
  const admitted = new WeakMap<FastifyRequest, ApiKey>();

  function find(presented: string | undefined): ApiKey | null {
    const hash = hashSecret(presented ?? '');
    let found: ApiKey | null = null;
    for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) found = candidate.key;
    return found;
  }

  function letIn(request: FastifyRequest, key: ApiKey): void {
    if (key.role === 'read' && !READING.has(request.method)) {
      throw new ApiError(
        403,
        'read_only_key',
        `The key ${key.name} may only read; ask with a key that may change things`,
      );
    }
    admitted.set(request, key);
  }

  function header(request: FastifyRequest): string | undefined {
    const value = request.headers['x-api-key'];
    return typeof value === 'string' ? value : undefined;
  }

  return {
    requireKey(request) {
      const key = find(header(request));
      if (key === null) throw unauthorized({});
      letIn(request, key);
    },
    requireUnscopedKey(request) {
      const key = find(header(request) ?? passwordOf(request.headers.authorization));
      if (key?.accountId !== null) throw unauthorized({ 'www-authenticate': 'Basic realm="queues", charset="UTF-8"' });
      letIn(request, key);
    },
    keyOf: (request) => admitted.get(request) ?? null,
  };
}
