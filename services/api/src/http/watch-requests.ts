import type { FastifyInstance } from 'fastify';
import type { Authenticator } from './authenticate.js';
import type { HttpMetrics } from './http-metrics.js';
import { pathOf } from './path-of.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Asked by machines, every few seconds or thousands of times: not worth a line each. Postbacks have an inbound log. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/conv/offer']);

/**
 * One line and one measurement per request. The line has the path alone: queries and headers hold secrets (law 12). The
 * labels have the route's pattern, so that callers cannot make new series.
 */
export function watchRequests(
  app: FastifyInstance,
  options: { http: HttpMetrics; authenticator: Pick<Authenticator, 'keyOf'> },
): void {
  const { http, authenticator } = options;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const method = METHODS.has(request.method) ? request.method : 'other';
    http.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    const level = reply.statusCode >= 500 ? 'warn' : QUIET.has(route) ? 'debug' : 'info';
    request.log[level](
      {
        request_id: request.id,
        method,
        path: pathOf(request.url),
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
        key_name: authenticator.keyOf(request)?.name ?? null,
      },
      'request',
    );
  });
}
