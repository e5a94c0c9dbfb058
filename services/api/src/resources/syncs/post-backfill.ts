import { createBackfillRun } from '@trackly-tune/database';
import { addDays, checkWindow, dayOf, windowOfDays, type PullWindow } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { runAnswer } from './present-run.js';
import { requirePullTarget } from './require-pull-target.js';
import { startRun } from './start-run.js';
import { day, errorAnswer, errorAnswers, idParams, refineDays } from '../../http/schemas.js';

const body = refineDays(z.strictObject({ from: day, to: day }));

/** The days as a window; throws the 400 that names the one that cannot be read. */
function windowOf(ports: ApiPorts, asked: z.infer<typeof body>, timeZone: string): PullWindow {
  const now = ports.clock.now();
  const { from, to } = asked;
  const problem = checkWindow(from, to, now, timeZone);
  if (problem === 'too_far_back') throw ports.invalid('from', "is further back than TUNE's reports reach (762 days)");
  if (problem === 'in_the_future') throw ports.invalid('from', 'is in the future');
  if (problem === 'from_after_to') throw ports.invalid('to', 'must not be before from');
  if (to > addDays(dayOf(now, timeZone), 1)) throw ports.invalid('to', 'is in the future');
  return windowOfDays(from, to, timeZone);
}

export function postBackfill(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/backfills',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'startBackfill',
          summary: 'Fill in the conversions of days past',
          description:
            "Reads the days one by one, newest first, with what regular pulls leave of the network's rate budget. An open backfill of the same window is returned instead of a second one.",
          tags: ['syncs'],
          params: idParams,
          body,
          response: {
            202: runAnswer.meta({ description: 'The sync run, or the open one of the same window' }),
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`integration_deleted` or `idempotency_in_progress`' }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = await startRun(ports, request, async (tx) => {
          const { integrationId, networkId, timeZone } = await requirePullTarget(ports, request, tx, request.params.id);
          const window = windowOf(ports, request.body, timeZone);
          const { id } = await createBackfillRun(tx, { integrationId, window });
          return { id, wake: () => ports.wake('pull-network', { networkId }) };
        });
        return reply.code(status).send(body);
      },
    );
  };
}
