import { logIntegration, requestCancel } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { errorAnswer, errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { requireRun } from './require-run.js';

export function cancelSyncRun(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/sync-runs/:id/cancel',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'cancelSyncRun',
          summary: 'Stop a sync run at its next page',
          description: 'What was stored stays and is attributed. A run that still waits is cancelled at once.',
          tags: ['syncs'],
          params: idParams,
          body: nothing.nullish(),
          response: {
            200: runAnswer.meta({ description: 'The run, cancelled or about to be' }),
            ...errorAnswers,
            409: errorAnswer.meta({
              description: '`run_ended`: there is nothing left to cancel; or `idempotency_in_progress`',
            }),
          },
        },
      },
      async (request, reply) => {
        const answer = await ports.inTransaction(request, async (tx) => {
          const run = await requireRun(ports, request, request.params.id, tx);
          if (!(await requestCancel(tx, run.id))) throw ports.conflict('run_ended', 'The run has ended before');
          await logIntegration(tx, {
            integrationId: run.integration_id,
            runId: run.id,
            level: 'info',
            code: 'cancel_requested',
            message: 'Cancelled on request; what was stored stays',
          });
          return { status: 200, body: presentRun(await requireRun(ports, request, request.params.id, tx)) };
        });
        return reply.code(answer.status).send(answer.body);
      },
    );
  };
}
