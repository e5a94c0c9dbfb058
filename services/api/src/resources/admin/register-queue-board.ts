import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queues } from '@trackly-tune/queues';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../../http/api-error.js';

const BASE_PATH = '/admin/queues';
/** The board asks another host for its fonts; those of the system do as well. */
const FOREIGN_STYLES = /<link\b[^>]*\bhref="https?:[^>]*>/g;
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; " +
  "script-src 'self'; style-src 'self' 'unsafe-inline'";
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * The board of the queues. Who may see it is decided before it (see `guardRoutes`). Emptying a queue loses nothing: a
 * job only says "look", and the reconcilers look anyway.
 */
export async function registerQueueBoard(
  app: FastifyInstance,
  queues: Pick<Queues, 'ping' | 'boardQueues'>,
): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BASE_PATH);
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: { uiConfig: { boardTitle: 'trackly-tune queues' } },
  });
  // Its own handler would show stack traces: what it throws goes to the one of the service.
  serverAdapter.setErrorHandler((error) => {
    throw error;
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      // A browser that knows the password sends it from any page: only the board's own pages may change something.
      const site = request.headers['sec-fetch-site'];
      if (!SAFE_METHODS.has(request.method) && site !== undefined && site !== 'same-origin') {
        throw new ApiError(403, 'cross_site_request', 'The board takes changes from its own pages only');
      }
    });
    scope.addHook('onSend', async (_request, reply, payload) => {
      void reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      return isPage && typeof payload === 'string' ? payload.replace(FOREIGN_STYLES, '') : payload;
    });
    scope.addHook('preHandler', async (request) => {
      if (!request.url.startsWith(`${BASE_PATH}/api/`)) return;
      await queues.ping();
      // A queue whose first contact with Redis failed is replaced by a new one.
      board.replaceQueues(queues.boardQueues().map((queue) => new BullMQAdapter(queue)));
    });
    await scope.register(serverAdapter.registerPlugin(), { prefix: BASE_PATH });
  });
}
