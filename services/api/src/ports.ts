import type { Database, Tx } from '@trackly-tune/database';
import type { PublicIdKind } from '@trackly-tune/domain';
import type { JobName, PayloadOf } from '@trackly-tune/queues';
import type { Clock, KeyRing } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ErrorDetail } from './http/api-error.js';
import type { ExportSlots } from './http/export-slots.js';

/** What a route answers with when it is told apart by its status. */
export interface Answer<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;
}

/** What the routes need from the service around them. */
export interface ApiPorts {
  readonly db: Database;
  /** Seals and opens network tokens and postback secrets (law 12). */
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** Calls TUNE. Never inside a transaction; always with an AbortSignal or a limit of the caller's own. */
  readonly tune: TuneClients;
  /** PUBLIC_URL, without a slash at its end: how TUNE reaches this service. */
  readonly publicUrl: string;
  /** The longest click window whose clicks are kept, in days (RETENTION_CLICKS_DAYS). */
  readonly windowDaysMax: number;
  /** How many exports may run at once. */
  readonly exportSlots: ExportSlots;
  /** The account that the request's API key is bound to; null when it may see all of them. */
  accountOfKey(request: FastifyRequest): string | null;
  /** What the request's API key may do. */
  roleOfKey(request: FastifyRequest): 'full' | 'read';
  /** The name of the request's API key: who changed what. */
  nameOfKey(request: FastifyRequest): string;
  /**
   * Runs `work` in one transaction, again after a deadlock, and keeps its answer under the request's
   * Idempotency-Key in the same transaction; a repeated request gets the kept answer. A body is what JSON can hold.
   * What `work` throws rolls everything back and is not kept. Wake workers after it, never inside.
   */
  inTransaction<Status extends number, Body>(
    request: FastifyRequest,
    work: (tx: Tx) => Promise<Answer<Status, Body>>,
  ): Promise<Answer<Status, Body>>;
  /** Tells a worker to look. Returns at once; a failure is only a warning, a reconciler is the net (law 5). */
  wake<Name extends JobName>(job: Name, payload: PayloadOf<Name>): void;
  /** Reads an id of a path or query. Throws the 404 of its kind for text that is no such id. */
  readId(kind: PublicIdKind, text: string): bigint;
  /** The 404 `not_found`. */
  notFound(what: string): Error;
  /** The 400 `invalid_request` with one entry in `details`. */
  invalid(path: string, message: string): Error;
  /** A 409 with a code of its own; `extra` stands beside `error` and `code`, `details` name the fields in the way. */
  conflict(
    code: string,
    message: string,
    extra?: Readonly<Record<string, string>>,
    details?: readonly ErrorDetail[],
  ): Error;
}

/** A route of the API, its path whole. */
export type Route = (ports: ApiPorts) => FastifyPluginAsyncZod;
