import type { Readiness } from '@trackly-tune/service-runtime';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { z } from 'zod';

const PUBLIC_ROUTE = { tags: ['operations'], security: [] };

const readinessAnswer = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
});

function operationsRoutes(readiness: Readiness, metrics: Registry): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get(
      '/healthz',
      {
        schema: {
          ...PUBLIC_ROUTE,
          operationId: 'getHealth',
          summary: 'Whether the process is alive',
          response: { 200: z.object({ status: z.literal('alive') }) },
        },
      },
      () => ({ status: 'alive' as const }),
    );
    app.get(
      '/readyz',
      {
        schema: {
          ...PUBLIC_ROUTE,
          operationId: 'getReadiness',
          summary: 'Whether it can do its work: stores reachable, migrations done, not stopping',
          response: { 200: readinessAnswer, 503: readinessAnswer },
        },
      },
      async (_request, reply) => {
        const report = await readiness.check();
        return reply.code(report.ready ? 200 : 503).send({ ready: report.ready, checks: [...report.checks] });
      },
    );
    app.get(
      '/metrics',
      {
        schema: {
          ...PUBLIC_ROUTE,
          operationId: 'getMetrics',
          summary: 'Metrics in the text format of Prometheus',
          response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
        },
      },
      async (_request, reply) => {
        const text = await metrics.metrics();
        return reply
          .type(metrics.contentType)
          .serializer((body: unknown) => String(body))
          .send(text);
      },
    );
  };
}

/** `/healthz`, `/readyz` and `/metrics`, open to everybody who can reach the service. */
export async function registerOperations(
  app: FastifyInstance,
  options: { readiness: Readiness; metrics: Registry },
): Promise<void> {
  await app.register(operationsRoutes(options.readiness, options.metrics));
}
