import type { Database } from '@trackly-tune/database';
import { fromPublicId } from '@trackly-tune/domain';
import type { Queues } from '@trackly-tune/queues';
import type { ApiKey, Clock, KeyRing, Logger } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { FastifyRequest } from 'fastify';
import { createExportSlots } from './http/export-slots.js';
import { conflict, invalidRequest, notFound } from './http/api-error.js';
import type { Authenticator } from './http/authenticate.js';
import type { ApiPorts } from './ports.js';

/** What the service around the routes is made of. */
export interface ApiParts {
  readonly db: Database;
  readonly queues: Pick<Queues, 'wake' | 'ping' | 'boardQueues'>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly tune: TuneClients;
  readonly publicUrl: string;
  readonly windowDaysMax: number;
  readonly logger: Logger;
}

/** Sends signals without waiting for them; one that fails is only logged, since a reconciler looks anyway. */
export function wakeThrough(queues: Pick<Queues, 'wake'>, logger: Logger): ApiPorts['wake'] {
  return (job, payload) => {
    queues
      .wake(job, payload)
      .catch((error: unknown) => logger.error({ job, err: error }, 'a wake-up could not be sent'));
  };
}

/** The ports of the routes over the parts of the service. */
export function createPorts(
  parts: ApiParts,
  authenticator: Authenticator,
  inTransaction: ApiPorts['inTransaction'],
): ApiPorts {
  const { db, queues, keyRing, clock, tune, publicUrl, windowDaysMax, logger } = parts;
  function keyOf(request: FastifyRequest): ApiKey {
    const key = authenticator.keyOf(request);
    // Without a key there is no account, which must not be taken for "all of them".
    if (key === null) throw new Error('This route asks whose key it is, but lets everybody in');
    return key;
  }
  return {
    db,
    keyRing,
    clock,
    tune,
    publicUrl,
    windowDaysMax,
    inTransaction,
    exportSlots: createExportSlots(),
    accountOfKey: (request) => keyOf(request).accountId,
    roleOfKey: (request) => keyOf(request).role,
    nameOfKey: (request) => keyOf(request).name,
    wake: wakeThrough(queues, logger),
    readId(kind, text) {
      const id = fromPublicId(kind, text);
      if (id === null) throw notFound(kind);
      return id;
    },
    notFound,
    invalid: (path, message) => invalidRequest({ path, message }),
    conflict,
  };
}
