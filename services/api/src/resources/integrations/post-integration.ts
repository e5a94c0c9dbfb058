import { findByIdentity } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { conflictAnswer, integrationBody } from './schemas.js';
import { wakeDue } from './wake-due.js';
import type { ApiPorts } from '../../ports.js';
import { changedIntegrationAnswer, presentIntegration } from './present-integration.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { requireKeptWindow } from '../../http/require-kept-window.js';
import { errorAnswers, nothing } from '../../http/schemas.js';
import { askNetwork, NOT_ASKED } from './steps/ask-network.js';
import { createIntegration, type Creation, type IntegrationWish } from './steps/create-integration.js';

/** What says which integration it is, and therefore cannot be there twice. */
const IDENTITY = ['account_id', 'network_id', 'affiliate_id'] as const;

function taken(ports: ApiPorts, wish: IntegrationWish, holder: Extract<Creation, { kind: 'taken' }>): Error {
  const id = toPublicId('integration', holder.id);
  const details = IDENTITY.map((path) => ({ path, message: `${wish[path]} is that of ${id}` }));
  return holder.deleted
    ? ports.conflict(
        'integration_deleted',
        `This affiliate of this network was ${id}, which is deleted: restore it, since a second one would count its money twice`,
        { integration_id: id },
        details,
      )
    : ports.conflict(
        'integration_exists',
        `affiliate_id ${wish.affiliate_id} of network_id ${wish.network_id} is ${id} of this account already`,
        { integration_id: id },
        details,
      );
}

async function askFor(ports: ApiPorts, wish: IntegrationWish) {
  const { account_id: accountId, network_id: networkId, affiliate_id: affiliateId } = wish;
  // What will be refused, or was answered before under its Idempotency-Key, needs nothing of the network.
  if ((await findByIdentity(ports.db, { accountId, networkId, affiliateId })) !== null) return NOT_ASKED;
  return askNetwork(
    ports,
    { networkId, networkToken: wish.network_token, affiliateId },
    { timeZone: wish.time_zone === undefined, currency: wish.default_currency === undefined },
  );
}

export function postIntegration(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'createIntegration',
          summary: 'Connect an affiliate of a TUNE network',
          description:
            'One quick look at the network, below 3 seconds, asks for a time zone or currency that is not given, and whether it takes the token and knows the affiliate. What speaks against them stands in `warnings`; nothing is refused for it.',
          tags: ['integrations'],
          querystring: nothing,
          body: integrationBody,
          response: {
            201: changedIntegrationAnswer.meta({ description: 'The integration, and what to look at' }),
            ...errorAnswers,
            409: conflictAnswer.meta({
              description: '`integration_exists`, `integration_deleted` or `idempotency_in_progress`',
            }),
          },
        },
      },
      async (request, reply) => {
        const wish = request.body;
        requireOwnAccount(ports, request, wish.account_id, 'account');
        requireKeptWindow(ports, wish.click_window_days);
        const says = await askFor(ports, wish);
        const { status, body } = await ports.inTransaction(request, async (tx) => {
          const creation = await createIntegration(tx, ports.keyRing, wish, says, ports.windowDaysMax);
          if (creation.kind === 'taken') throw taken(ports, wish, creation);
          const warnings = [...creation.warnings];
          return { status: 201, body: { ...presentIntegration(creation.integration), warnings } };
        });
        const integrationId = ports.readId('integration', body.id);
        if (body.schedules.conversions.enabled) wakeDue(ports, integrationId, ['conversions']);
        if (body.schedules.offers.enabled) wakeDue(ports, integrationId, ['offers']);
        return reply.code(status).send(body);
      },
    );
  };
}
