import { inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { fromPublicId } from '@trackly-tune/domain';
import { createKeyRing, systemClock } from '@trackly-tune/service-runtime';
import { createTestDatabase } from '@trackly-tune/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { errorBody } from '../src/http/answer-errors.js';
import { ApiError } from '../src/http/api-error.js';
import { createExportSlots } from '../src/http/export-slots.js';
import { registerRoutes } from '../src/register-routes.js';
import { networksAway } from './networks-away.js';

class TestError extends Error {
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    readonly details?: { path: string; message: string }[],
  ) {
    super(message);
  }
}

export interface BooksApp {
  readonly app: FastifyInstance;
  readonly db: Database;
  /** Its database, past the routes. */
  readonly url: string;
  /** How often the attribution service was told to look. */
  signals(): number;
  close(): Promise<void>;
}

/** The routes of the books on a database of their own, or a given one. The header `x-test-account` stands for a key's account. */
export async function startBooksApp(given?: { url: string; drop(): Promise<void> }): Promise<BooksApp> {
  const database = given ?? (await createTestDatabase());
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'books-app-test' });
  let signals = 0;
  const app = Fastify({ logger: false }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      return reply.code(400).send({ error: 'The request is not valid', code: 'invalid_request' });
    }
    if (error instanceof TestError) {
      const { code, message, details } = error;
      return reply.code(error.statusCode).send({ error: message, code, ...(details === undefined ? {} : { details }) });
    }
    if (error instanceof ApiError) return reply.code(error.status).send(errorBody(error));
    throw error;
  });
  const notFound = (what: string) => new TestError(404, 'not_found', `No such ${what}`);
  await registerRoutes(
    app,
    {
      db,
      accountOfKey(request) {
        const account = request.headers['x-test-account'];
        return typeof account === 'string' ? account : null;
      },
      nameOfKey: () => 'test',
      roleOfKey: () => 'full',
      inTransaction: (_request, work) => inTransaction(db, work),
      exportSlots: createExportSlots(),
      wake() {
        signals += 1;
      },
      clock: systemClock,
      keyRing: createKeyRing([{ id: 'test', key: Buffer.alloc(32, 1) }]),
      tune: networksAway(),
      publicUrl: 'http://localhost:3000',
      windowDaysMax: 370,
      readId(kind, text) {
        const id = fromPublicId(kind, text);
        if (id === null) throw notFound(kind);
        return id;
      },
      notFound,
      conflict: (code, message) => new TestError(409, code, message),
      invalid: (path, message) =>
        new TestError(400, 'invalid_request', 'The request is not valid', [{ path, message }]),
    },
    { forgetOffer: () => undefined },
  );
  return {
    app,
    db,
    url: database.url,
    signals: () => signals,
    async close() {
      await app.close();
      await close();
      await database.drop();
    },
  };
}
