import { inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { fromPublicId } from '@trackly-tune/domain';
import { createKeyRing, systemClock, type KeyRing } from '@trackly-tune/service-runtime';
import { createTestDatabase } from '@trackly-tune/testing';
import type { TuneClients } from '@trackly-tune/tune-client';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { registerIntegrations } from '../src/integrations/register-integrations.js';

class TestError extends Error {
  constructor(
    readonly statusCode: number,
    readonly body: Record<string, unknown>,
  ) {
    super(String(body['error']));
  }
}

export interface IntegrationsApp {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly keyRing: KeyRing;
  /** Signals sent so far, as `job integration`. */
  readonly signals: string[];
  /** `account`: the one that the key is bound to. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    account?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; text: string }>;
  close(): Promise<void>;
}

/** The routes of integrations on a database of their own. */
export async function startIntegrationsApp(options: { tune: TuneClients }): Promise<IntegrationsApp> {
  const database = await createTestDatabase();
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'integrations-app-test' });
  const keyRing = createKeyRing([{ id: 'test', key: Buffer.alloc(32, 1) }]);
  const signals: string[] = [];
  const app = Fastify({ logger: false }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const details = error.validation.map(({ instancePath, message }) => ({ path: instancePath, message }));
      return reply.code(400).send({ error: 'The request is not valid', code: 'invalid_request', details });
    }
    if (error instanceof TestError) return reply.code(error.statusCode).send(error.body);
    throw error;
  });
  const notFound = (what: string) => new TestError(404, { error: `No such ${what}`, code: 'not_found' });
  await registerIntegrations(app, {
    db,
    keyRing,
    clock: systemClock,
    tune: options.tune,
    publicUrl: 'http://localhost:3000',
    accountOfKey(request) {
      const account = request.headers['x-test-account'];
      return typeof account === 'string' ? account : null;
    },
    inTransaction: (_request, work) => inTransaction(db, work),
    signal: (job, payload) => void signals.push(`${job} ${JSON.stringify(payload)}`),
    readId(kind, text) {
      const id = fromPublicId(kind, text);
      if (id === null) throw notFound(kind);
      return id;
    },
    notFound,
    conflict: (code, error, extra = {}) => new TestError(409, { error, code, ...extra }),
    invalid: (path, message) =>
      new TestError(400, {
        error: 'The request is not valid',
        code: 'invalid_request',
        details: [{ path, message }],
      }),
  });
  return {
    app,
    db,
    keyRing,
    signals,
    async call(method, url, payload, account) {
      const request: InjectOptions = {
        method,
        url,
        headers: account === undefined ? {} : { 'x-test-account': account },
        ...(payload === undefined ? {} : { payload }),
      };
      const response = await app.inject(request);
      const text = response.body;
      return {
        status: response.statusCode,
        text,
        body: text === '' ? {} : response.json<Record<string, unknown>>(),
      };
    },
    async close() {
      await app.close();
      await close();
      await database.drop();
    },
  };
}
