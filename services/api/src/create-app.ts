import type { ApiKey, Readiness } from '@trackly-tune/service-runtime';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { createPorts, type ApiParts } from './create-ports.js';
import { createAuthenticator } from './http/authenticate.js';
import { createServer } from './http/create-server.js';
import { documentErrors } from './http/document/document-errors.js';
import { guardPostbacks, guardRoutes } from './http/guard-routes.js';
import type { HttpMetrics } from './http/http-metrics.js';
import { createIdempotency } from './http/idempotency.js';
import { readJsonBody } from './http/read-json-body.js';
import { serveDocuments } from './http/document/serve-documents.js';
import { watchRequests } from './http/watch-requests.js';
import type { PostbackIntake } from './resources/postbacks/intake/open-postback-intake.js';
import { registerRoutes } from './register-routes.js';
import { registerQueueBoard } from './resources/admin/register-queue-board.js';
import { registerHealth, registerMeasurements } from './resources/operations/register-operations.js';
import { registerRoot } from './resources/operations/register-root.js';
import { convOffer } from './resources/postbacks/conv-offer.js';

export interface AppOptions {
  readonly parts: ApiParts;
  readonly apiKeys: readonly ApiKey[];
  readonly http: HttpMetrics;
  /** False until the schema is there: until then what needs it is 503. */
  readonly isStoreReady: () => boolean;
  readonly trustProxy?: readonly string[] | undefined;
  readonly intake: PostbackIntake;
  /** Whether this server takes postbacks too; false where they have a port of their own. */
  readonly takesPostbacks: boolean;
  /** Shown on this server; null where HEALTH_PORT shows them. */
  readonly measurements: { readonly readiness: Readiness; readonly metrics: Registry } | null;
}

/** The server of the REST API with every route and the frame around them. Nothing listens yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { parts, apiKeys, http, isStoreReady, trustProxy, intake, takesPostbacks, measurements } = options;
  const app = createServer({ name: 'api', logger: parts.logger, http, trustProxy });
  const authenticator = createAuthenticator(apiKeys);
  const idempotency = createIdempotency(parts.db, authenticator, parts.keyRing);
  readJsonBody(app);
  watchRequests(app, { http, authenticator });
  guardRoutes(app, { authenticator, isStoreReady });
  idempotency.answerRepeated(app);
  documentErrors(app);
  await serveDocuments(app, { publicUrl: parts.publicUrl });
  await registerRoot(app);
  await registerHealth(app);
  if (measurements !== null) await registerMeasurements(app, measurements);
  await registerQueueBoard(app, parts.queues);
  if (takesPostbacks) await app.register(convOffer(intake.desk));
  await registerRoutes(app, createPorts(parts, authenticator, idempotency.inTransaction), intake);
  return app;
}

const NO_KEYS = { keyOf: () => null };

/** The server on POSTBACK_PORT: what TUNE calls, whether it is alive, and nothing else. Nothing listens yet. */
export async function createPostbackApp(
  options: Pick<AppOptions, 'parts' | 'http' | 'isStoreReady' | 'trustProxy' | 'intake'>,
): Promise<FastifyInstance> {
  const { parts, http, isStoreReady, trustProxy, intake } = options;
  const app = createServer({ name: 'postbacks', logger: parts.logger, http, trustProxy });
  watchRequests(app, { http, authenticator: NO_KEYS });
  guardPostbacks(app, isStoreReady);
  await registerHealth(app);
  await app.register(convOffer(intake.desk));
  return app;
}
