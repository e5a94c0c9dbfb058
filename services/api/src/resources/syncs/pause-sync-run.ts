import { logIntegration, pauseRun, resumeRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { answerThenWake } from '../../http/answer-then-wake.js';
import type { ApiPorts, Route } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { errorAnswer, errorAnswers, idParams, nothing } from '../../http/schemas.js';
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

function changeRunRoute(ports: ApiPorts, name: keyof typeof ACTIONS): FastifyPluginAsyncZod {
  const { change, code, message, ...about } = ACTIONS[name];
  return async (app) => {
    app.post(
      `/v1/sync-runs/:id/${name}`,
      {
        config: { keepsAnswers: true },
        schema: {
          ...about,
          tags: ['syncs'],
          params: idParams,
          body: nothing.nullish(),
          response: {
            200: runAnswer.meta({ description: 'The run as it is now' }),
            ...errorAnswers,
            409: errorAnswer.meta({
              description: '`run_not_pausable`: it has ended, or is no backfill; or `idempotency_in_progress`',
            }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = await answerThenWake(ports, request, async (tx) => {
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
          const shown = presentRun(await requireRun(ports, request, request.params.id, tx));
          const { network_id: networkId } = run;
          const wake = changed === 'resumed' ? () => ports.wake('pull-network', { networkId }) : null;
          return { status: 200, body: shown, wake };
        });
        return reply.code(status).send(body);
      },
    );
  };
}

export const pauseSyncRun: Route = (ports) => changeRunRoute(ports, 'pause');
export const resumeSyncRun: Route = (ports) => changeRunRoute(ports, 'resume');
