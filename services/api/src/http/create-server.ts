import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { answerError } from './answer-errors.js';
import { ApiError, notFound } from './api-error.js';
import { answerUnreadable } from './answer-unreadable.js';
import type { HttpMetrics } from './http-metrics.js';
import { pathOf } from './path-of.js';
import { speakPeopleWords } from './people-words.js';
import { indexRoutes } from './route-index.js';

const BODY_BYTES_MAX = 5 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
const HANDLER_TIMEOUT_MS = 60_000;
const CONNECTION_TIMEOUT_MS = 120_000;
/** Longer than the idle time of common load balancers, so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const PARAMETER_LENGTH_MAX = 200;
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

export interface ServerOptions {
  /** What its connections are called in the metrics. */
  readonly name: 'api' | 'postbacks';
  readonly logger: FastifyBaseLogger;
  readonly http: HttpMetrics;
  readonly trustProxy: readonly string[] | undefined;
}

/** A server with our limits and our errors, and no route yet. Nothing listens. */
export function createServer({ name, logger, http, trustProxy }: ServerOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // No logger per request: it would be made for each postback and used by none. Lines name the request themselves.
    childLoggerFactory: (parent) => parent,
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
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, (code) => http.unreadable(name, code)),
  }).withTypeProvider<ZodTypeProvider>();
  http.watchConnections(name, app.server);
  // Without a listener Node answers 417 without a body; an expectation that nobody knows may be passed over (RFC 9110).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  speakPeopleWords();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  const routes = indexRoutes(app);
  app.setNotFoundHandler((request, reply) => {
    const methods = routes.methodsOf(pathOf(request.url));
    if (methods.length === 0) throw notFound('route');
    reply.header('allow', methods.join(', '));
    throw new ApiError(405, 'method_not_allowed', `This route takes ${methods.join(', ')}`);
  });
  return app;
}
