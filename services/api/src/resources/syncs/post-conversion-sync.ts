import { createConversionRun, type PullTarget } from '@trackly-tune/database';
import { addDays, checkWindow, dayOf, planWindow, windowOfDays, type PullWindow } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { runAnswer } from './present-run.js';
import { requirePullTarget } from './require-pull-target.js';
import { startRun } from './start-run.js';
import { day, errorAnswer, errorAnswers, idParams, refineDays } from '../../http/schemas.js';

/** A window may end this many days ahead, as one for a whole month does. */
const DAYS_AHEAD_MAX = 366;

const body = refineDays(z.strictObject({ from: day.optional(), to: day.optional() })).nullish();

/** The days that a person asked for; what was left out is that of a regular pull. */
function windowOf(ports: ApiPorts, target: PullTarget, asked: { from?: string | undefined; to?: string | undefined }) {
  const now = ports.clock.now();
  const planned: PullWindow = planWindow(now, target.coveredThrough, target.timeZone);
  const { from = planned.from, to = planned.to } = asked;
  if (to > addDays(dayOf(now, target.timeZone), DAYS_AHEAD_MAX)) throw ports.invalid('to', 'is too far in the future');
  switch (checkWindow(from, to, now, target.timeZone)) {
    case 'from_after_to':
      throw asked.from === undefined
        ? ports.invalid('to', `must not be before ${from}, where the look-back starts; give from as well`)
        : ports.invalid('from', `must not be after ${to}`);
    case 'too_far_back':
      throw ports.invalid('from', "is further back than TUNE's reports reach (762 days)");
    case 'in_the_future':
      throw ports.invalid('from', 'is in the future');
    case null:
      return windowOfDays(from, to, target.timeZone);
  }
}

export function postConversionSync(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/conversion-syncs',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'startConversionSync',
          summary: 'Pull the conversions of some days now',
          description:
            'Without days: the look-back. A run of the same window that still waits is returned; it begins when the one that reads that window now is over.',
          tags: ['syncs'],
          params: idParams,
          body,
          response: {
            202: runAnswer.meta({ description: 'The sync run, or the one of the same window that still waits' }),
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`integration_deleted` or `idempotency_in_progress`' }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = await startRun(ports, request, async (tx) => {
          const target = await requirePullTarget(ports, request, tx, request.params.id);
          const { integrationId, networkId } = target;
          const window = windowOf(ports, target, request.body ?? {});
          const { id } = await createConversionRun(tx, { integrationId, window, trigger: 'manual' });
          return { id, wake: () => ports.wake('pull-network', { networkId, urgent: true }) };
        });
        return reply.code(status).send(body);
      },
    );
  };
}
