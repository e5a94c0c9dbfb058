import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import type { Authenticator } from './authenticate.js';
import { pathOf } from './path-of.js';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Asked by machines, every few seconds or thousands of times: not worth a line each. Postbacks have an inbound log. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/conv/offer']);

/**
 * One line and one measurement per request. The line has the path alone: queries and headers hold secrets (law 12). The
 * labels have the route's pattern, so that callers cannot make new series.
 */
export function watchRequests(
  app: FastifyInstance,
  options: { metrics: Registry; authenticator: Authenticator },
): void {
  const { metrics, authenticator } = options;
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [metrics],
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const method = METHODS.has(request.method) ? request.method : 'other';
    seconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
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
