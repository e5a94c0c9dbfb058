import {
  startReattribution,
  logIntegration,
  PreviewTooLargeError,
  previewReattribution,
  type Database,
  type Tx,
} from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { PREVIEW_CONVERSIONS_MAX, previewAnswer, reattributionBody, type ReattributionWish } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { presentPreview } from './present-preview.js';
import { runAnswer } from '../syncs/present-run.js';
import { showMadeRun } from '../syncs/start-run.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswer, errorAnswers, nothing } from '../../http/schemas.js';
import { planReattribution, type PlannedReattribution } from './steps/plan-reattribution.js';

async function requirePlan(
  ports: ApiPorts,
  request: FastifyRequest,
  db: Database | Tx,
  wish: ReattributionWish,
): Promise<PlannedReattribution> {
  const { integration_id, conversion_id, from = null, to = null } = wish;
  const what = conversion_id === undefined ? 'integration' : 'conversion';
  const target =
    conversion_id === undefined
      ? { integrationId: ports.readId('integration', integration_id ?? ''), from, to }
      : { conversionId: ports.readId('conversion', conversion_id) };
  const plan = await planReattribution(db, target);
  if (plan === null) throw ports.notFound(what);
  requireOwnAccount(ports, request, plan.accountId, what);
  return plan;
}

/** Aborts when the caller goes away. Not `request.signal`, which aborts as soon as the body of a POST was read. */
function untilCallerLeaves(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

async function preview(ports: ApiPorts, request: FastifyRequest, reply: FastifyReply, wish: ReattributionWish) {
  const { scope } = await requirePlan(ports, request, ports.db, wish);
  const options = { conversionsMax: PREVIEW_CONVERSIONS_MAX, signal: untilCallerLeaves(reply) };
  const found = await previewReattribution(ports.db, scope, options).catch((error: unknown) => {
    if (!(error instanceof PreviewTooLargeError)) throw error;
    throw ports.invalid('from', `${error.message}; ask for fewer days, or run it without a dry run`);
  });
  return presentPreview(found);
}

async function start(ports: ApiPorts, request: FastifyRequest, tx: Tx, wish: ReattributionWish) {
  const { scope, deleted } = await requirePlan(ports, request, tx, wish);
  const { integrationId } = scope;
  if (deleted) {
    const id = toPublicId('integration', integrationId);
    const message = 'The integration was deleted; restore it to decide its conversions again';
    throw ports.conflict('integration_deleted', message, { integration_id: id });
  }
  const { id } = await startReattribution(tx, scope);
  await logIntegration(tx, {
    integrationId,
    runId: id,
    level: 'info',
    code: 'reattribution_requested',
    message: `Conversions are decided again under version ${scope.settingsVersion} of the settings`,
    context: { settings_version: scope.settingsVersion, from: scope.from, to: scope.to },
  });
  return showMadeRun(ports, tx, id);
}

export function postReattribution(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/reattributions',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'reattribute',
          summary: 'Decide conversions again under the settings in force now',
          description:
            'Puts the conversions in scope, pulled rows and postbacks, under the current version of the settings and ' +
            "today's click window of their offers, and settles them again. The books keep both states: `as_of` answers " +
            'for any moment before and after. With `dry_run` nothing is written and the answer says what would move, ' +
            `for at most ${PREVIEW_CONVERSIONS_MAX} conversions. Amounts and currencies stay as they were read.`,
          tags: ['books'],
          querystring: nothing,
          body: reattributionBody,
          response: {
            200: previewAnswer.meta({ description: 'A dry run: what would move' }),
            202: runAnswer.meta({ description: 'A sync run of kind `reattribution`' }),
            ...errorAnswers,
            409: errorAnswer.meta({
              description: '`integration_deleted`: restore it first; or `idempotency_in_progress`',
            }),
          },
        },
      },
      async (request, reply) => {
        const wish = request.body;
        if (wish.dry_run) return reply.code(200).send(await preview(ports, request, reply, wish));
        const { body } = await ports.inTransaction(request, async (tx) => ({
          status: 202,
          body: await start(ports, request, tx, wish),
        }));
        ports.wake('settle-pending', {});
        return reply.code(202).send(body);
      },
    );
  };
}
