import { VERSION, type Readiness } from '@trackly-tune/service-runtime';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { z } from 'zod';

const PUBLIC_ROUTE = { tags: ['operations'], security: [] };

const readinessAnswer = z
  .object({
    ready: z.boolean(),
    status: z
      .enum(['ready', 'degraded', 'not_ready'])
      .meta({ description: '`degraded`: everything is taken as ever, but something that can be done without is away' }),
    degraded: z.array(z.string()).meta({ description: 'What is away and can be done without: `redis`' }),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
  })
  .meta({ id: 'Readiness' });

const health: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/healthz',
    {
      config: { answerHeaders: ['Cache-Control'] },
      schema: {
        ...PUBLIC_ROUTE,
        operationId: 'getHealth',
        summary: 'Whether the process is alive, and its version',
        response: {
          200: z.object({ status: z.literal('alive'), version: z.string() }).meta({ description: 'It is alive' }),
        },
      },
    },
    (_request, reply) => {
      void reply.header('cache-control', 'no-store');
      return { status: 'alive' as const, version: VERSION };
    },
  );
};

/** `/healthz`, open to everybody who can reach the server. */
export async function registerHealth(app: FastifyInstance): Promise<void> {
  await app.register(health);
}

function measurements(readiness: Readiness, metrics: Registry): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get(
      '/readyz',
      {
        config: { answerHeaders: ['Cache-Control'] },
        schema: {
          ...PUBLIC_ROUTE,
          operationId: 'getReadiness',
          summary: 'Whether it can do its work: PostgreSQL reachable, migrations done, not stopping',
          response: {
            200: readinessAnswer.meta({ description: 'It does its work, be it `degraded`' }),
            503: readinessAnswer.meta({ description: 'It cannot do its work; `checks` say why' }),
          },
        },
      },
      async (_request, reply) => {
        const report = await readiness.check();
        return reply
          .code(report.ready ? 200 : 503)
          .send({ ...report, degraded: [...report.degraded], checks: [...report.checks] });
      },
    );
    app.get(
      '/metrics',
      {
        config: { answerHeaders: ['Cache-Control'] },
        schema: {
          ...PUBLIC_ROUTE,
          operationId: 'getMetrics',
          summary: 'Metrics in the text format of Prometheus',
          response: { 200: { description: 'The metrics', content: { 'text/plain': { schema: z.string() } } } },
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

/** `/readyz` and `/metrics`, where they have no port of their own. */
export async function registerMeasurements(
  app: FastifyInstance,
  options: { readiness: Readiness; metrics: Registry },
): Promise<void> {
  await app.register(measurements(options.readiness, options.metrics));
}
