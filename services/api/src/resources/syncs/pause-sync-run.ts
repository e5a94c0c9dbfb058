import { logIntegration, pauseRun, resumeRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { errorAnswer, errorAnswers, ownId } from '../../http/schemas.js';
import { requireRun } from './require-run.js';

const ACTIONS = {
  pause: {
    operationId: 'pauseSyncRun',
    summary: 'Pause a backfill at its next page',
    description: 'It keeps its place. Pausing it again changes nothing.',
    change: pauseRun,
    code: 'run_paused',
    message: 'Paused on request',
  },
  resume: {
    operationId: 'resumeSyncRun',
    summary: 'Let a paused backfill go on where it stopped',
    description: 'Resuming one that is not paused changes nothing.',
    change: resumeRun,
    code: 'run_resumed',
    message: 'Resumed on request',
  },
} as const;

/** The routes that pause a run and let it go on. */
export function pauseSyncRun(ports: ApiPorts, name: keyof typeof ACTIONS): FastifyPluginAsyncZod {
  const { change, code, message, ...about } = ACTIONS[name];
  return async (app) => {
    app.post(
      `/v1/sync-runs/:id/${name}`,
      {
        schema: {
          ...about,
          tags: ['syncs'],
          params: z.strictObject({ id: ownId }),
          body: z.strictObject({}).nullish(),
          response: {
            200: runAnswer,
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`run_not_pausable`: it has ended, or is no backfill' }),
          },
        },
      },
      async (request, reply) => {
        let networkId: string | null = null;
        const answer = await ports.inTransaction(request, async (tx) => {
          const run = await requireRun(ports, request, request.params.id, tx);
          const changed = await change(tx, run.id);
          if (changed === null) {
            throw ports.conflict('run_not_pausable', 'Only backfills that still have days to read can be paused');
          }
          if (changed !== 'unchanged') {
            await logIntegration(tx, {
              integrationId: run.integration_id,
              runId: run.id,
              level: 'info',
              code,
              message,
            });
          }
          if (changed === 'resumed') networkId = run.network_id;
          return { status: 200, body: presentRun(await requireRun(ports, request, request.params.id, tx)) };
        });
        if (networkId !== null) ports.signal('pull-network', { networkId });
        return reply.code(answer.status).send(answer.body);
      },
    );
  };
}
