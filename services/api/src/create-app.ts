import type { ApiKey, Readiness } from '@trackly-tune/service-runtime';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import { createPorts, type ApiParts } from './create-ports.js';
import { answerBrokenConnection, answerError } from './http/answer-errors.js';
import { ApiError, notFound } from './http/api-error.js';
import { createAuthenticator } from './http/authenticate.js';
import { documentErrors } from './http/document-routes.js';
import { guardRoutes } from './http/guard-routes.js';
import { createIdempotency } from './http/idempotency.js';
import { pathOf } from './http/path-of.js';
import { readJsonBody } from './http/read-json-body.js';
import { indexRoutes } from './http/route-index.js';
import { serveDocuments } from './http/serve-documents.js';
import { watchRequests } from './http/watch-requests.js';
import { registerRoutes } from './register-routes.js';
import { registerQueueBoard } from './routes/admin/register-queue-board.js';
import { registerOperations } from './routes/operations/register-operations.js';

export interface AppOptions {
  readonly parts: ApiParts;
  readonly apiKeys: readonly ApiKey[];
  readonly readiness: Readiness;
  readonly metrics: Registry;
  /** False until the schema is there: until then what needs it is 503. */
  readonly isStoreReady: () => boolean;
  readonly trustProxy?: readonly string[] | undefined;
}

const BODY_BYTES_MAX = 5 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
const HANDLER_TIMEOUT_MS = 60_000;
const CONNECTION_TIMEOUT_MS = 120_000;
/** Longer than the idle time of common load balancers, so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const CONNECTIONS_MAX = 2_000;
const PARAMETER_LENGTH_MAX = 200;
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

function createServer(log: FastifyBaseLogger, trustProxy: readonly string[] | undefined) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // No logger per request: it would be made for each postback and used by none. Lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    genReqId(request) {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID_PATTERN.test(given) ? given : randomUUID();
    },
    trustProxy: trustProxy === undefined ? false : [...trustProxy],
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    handlerTimeout: HANDLER_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (error, socket) => answerBrokenConnection(error, socket, log),
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = CONNECTIONS_MAX;
  return app;
}

/** The frame around the routes: limits, keys, errors, documents, logs and measurements. Nothing listens yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { parts, apiKeys, readiness, metrics, isStoreReady, trustProxy } = options;
  const app: FastifyInstance = createServer(parts.logger, trustProxy);
  const authenticator = createAuthenticator(apiKeys);
  const idempotency = createIdempotency(parts.db, authenticator);
  const routes = indexRoutes(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonBody(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const methods = routes.methodsOf(pathOf(request.url));
    if (methods.length === 0) throw notFound('route');
    reply.header('allow', methods.join(', '));
    throw new ApiError(405, 'method_not_allowed', `This route takes ${methods.join(', ')}`);
  });
  watchRequests(app, { metrics, authenticator });
  guardRoutes(app, { authenticator, isStoreReady });
  idempotency.answerRepeated(app);
  documentErrors(app);
  await serveDocuments(app, { publicUrl: parts.publicUrl });
  await registerOperations(app, { readiness, metrics });
  await registerQueueBoard(app, parts.queues);
  await registerRoutes(app, createPorts(parts, authenticator, idempotency.inTransaction));
  return app;
}
