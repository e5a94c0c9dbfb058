import type { Database, Transaction } from '@trackly-tune/database';
import type { PublicIdKind } from '@trackly-tune/domain';
import type { FastifyRequest } from 'fastify';

/** What the routes of the platform's facts and of the books need from the service around them. */
export interface BooksPorts {
  readonly db: Database;
  /** The account that the request's API key is bound to; null when it may see all of them. */
  accountOfKey(request: FastifyRequest): string | null;
  /**
   * Runs `work` in one transaction, again after a deadlock, and keeps its answer under the request's
   * Idempotency-Key in the same transaction; a repeated request gets the kept answer.
   */
  inTransaction<Body>(
    request: FastifyRequest,
    work: (tx: Transaction) => Promise<{ status: 200; body: Body }>,
  ): Promise<{ status: 200; body: Body }>;
  /** Tells the attribution service to look. Returns at once; a failure is only a warning, a reconciler is the net. */
  signalSettling(): void;
  /** Reads an id of a path or query. Throws the service's error for text that is no such id. */
  readId(kind: PublicIdKind, text: string): bigint;
  /** The service's 404 `not_found`. */
  notFound(what: string): Error;
  /** The service's 400 `invalid_request` with one entry in `details`. */
  invalid(path: string, message: string): Error;
}
