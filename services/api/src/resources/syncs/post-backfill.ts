import { createBackfillRun, findPullTarget, findRun } from '@trackly-tune/database';
import { addDays, checkWindow, dayOf, windowOfDays, type PullWindow } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { day, errorAnswer, errorAnswers, ownId, refineDays } from '../../http/schemas.js';

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
        schema: {
          operationId: 'startBackfill',
          summary: 'Fill in the conversions of days past',
          description:
            "Reads the days one by one, newest first, with what regular pulls leave of the network's rate budget. An open backfill of the same window is returned instead of a second one.",
          tags: ['syncs'],
          params: z.strictObject({ id: ownId }),
          body,
          response: {
            202: runAnswer,
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`integration_deleted`' }),
          },
        },
      },
      async (request, reply) => {
        const integrationId = ports.readId('integration', request.params.id);
        let networkId = '';
        const answer = await ports.inTransaction(request, async (tx) => {
          const target = await findPullTarget(tx, integrationId);
          if (target === null) throw ports.notFound('integration');
          requireOwnAccount(ports, request, target.accountId, 'integration');
          if (target.deleted) {
            const message = 'The integration was deleted; restore it to sync again';
            throw ports.conflict('integration_deleted', message, { integration_id: request.params.id });
          }
          networkId = target.networkId;
          const window = windowOf(ports, request.body, target.timeZone);
          const { id } = await createBackfillRun(tx, { integrationId, window });
          const run = await findRun(tx, id);
          if (run === null) throw ports.notFound('sync run');
          return { status: 202, body: presentRun(run) };
        });
        if (networkId !== '') ports.signal('pull-network', { networkId });
        return reply.code(answer.status).send(answer.body);
      },
    );
  };
}
