import {
  contentHash,
  findKeptAnswer,
  holdCall,
  inTransaction,
  keepAnswer,
  type Database,
  type IdempotentCall,
  type KeptAnswer,
} from '@trackly-tune/database';
import type { KeyRing } from '@trackly-tune/service-runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiPorts } from '../ports.js';
import { ApiError, conflict, invalidRequest } from './api-error.js';
import type { Authenticator } from './authenticate.js';
import { pathOf } from './path-of.js';

const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

interface HashedCall extends IdempotentCall {
  /** All that the hash of the same request may be: under each key, and as the release before kept it, without one. */
  readonly sameRequest: readonly string[];
}

function requireSameRequest(kept: KeptAnswer, call: HashedCall): void {
  if (call.sameRequest.includes(kept.requestHash)) return;
  throw new ApiError(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used with another body; take a new key for a new request',
  );
}

/**
 * Idempotency-Key. An answer is kept in the transaction of its effect, under the API key's name,
 * method and path; errors are not kept, since they had no effect. Of the request only a keyed hash is kept: from a bare
 * one whoever reads the database could find out which contact a message named, erased or not.
 */
export function createIdempotency(
  db: Database,
  authenticator: Authenticator,
  keyRing: Pick<KeyRing, 'fingerprints'>,
): {
  /** Answers repeated POST requests before their handler runs. */
  answerRepeated(app: FastifyInstance): void;
  inTransaction: ApiPorts['inTransaction'];
} {
  const calls = new WeakMap<FastifyRequest, HashedCall>();

  function readCall(request: FastifyRequest): HashedCall | null {
    const key = request.headers['idempotency-key'];
    const apiKey = authenticator.keyOf(request);
    if (key === undefined || request.method !== 'POST' || apiKey === null) return null;
    if (typeof key !== 'string' || !KEY_PATTERN.test(key)) {
      throw invalidRequest({ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
    }
    // The body as it was sent: a default that changes later must not turn a repetition into another request.
    const bare = contentHash({ body: request.body ?? null });
    const [requestHash = '', ...others] = keyRing.fingerprints(bare);
    const sameRequest = [requestHash, ...others, bare];
    return { apiKeyName: apiKey.name, route: `POST ${pathOf(request.url)}`, key, requestHash, sameRequest };
  }

  return {
    answerRepeated(app) {
      app.addHook('preValidation', async (request) => {
        const call = readCall(request);
        if (call !== null) calls.set(request, call);
      });
      app.addHook('preHandler', async (request, reply) => {
        const call = calls.get(request);
        const kept = call === undefined ? null : await findKeptAnswer(db, call);
        if (call === undefined || kept === null) return;
        requireSameRequest(kept, call);
        return reply.code(kept.status).header('idempotency-replayed', 'true').send(kept.body);
      });
    },
    inTransaction(request, work) {
      if (request.routeOptions.config.keepsAnswers !== true)
        throw new Error('This route does not say that it keeps answers');
      const call = calls.get(request);
      if (call === undefined) return inTransaction(db, work);
      return inTransaction(db, async (tx) => {
        if (!(await holdCall(tx, call))) {
          throw conflict('idempotency_in_progress', 'A request with this Idempotency-Key is still running');
        }
        const kept = await findKeptAnswer(tx, call);
        if (kept !== null) {
          requireSameRequest(kept, call);
          // The same request came here before: its answer is of the form that `work` gives.
          return { status: kept.status, body: kept.body } as Awaited<ReturnType<typeof work>>;
        }
        const answer = await work(tx);
        await keepAnswer(tx, call, answer);
        return answer;
      });
    },
  };
}
