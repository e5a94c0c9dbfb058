import { insertOffer } from '@trackly-tune/database';
import { OFFER_FIELDS, differingFields, toPublicId, type RecordedOffer } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { withWish } from './rules/plan-offer-edit.js';
import { requireLiveIntegration } from '../integrations/require-integration-row.js';
import { offerBody } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { offerAnswer, presentOffer } from './present-offer.js';
import { requireKeptWindow } from '../../http/require-kept-window.js';
import { errorAnswer, errorAnswers, nothing } from '../../http/schemas.js';

function emptyOffer(currency: string): RecordedOffer {
  return {
    name: '',
    trackingUrl: '',
    payout: null,
    payoutPercent: null,
    currency,
    payoutType: null,
    advertiserId: null,
    advertiserName: null,
    status: 'active',
    tuneStatus: null,
    expiresAt: null,
    clickWindowDays: null,
  };
}

export function postOffer(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/offers',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'createOffer',
          summary: 'Make an offer by hand, for one that is managed directly',
          description:
            'Its tracking URL is the template of its links. With an id of the network, conversions of that offer are its own, and fields that are not given follow the network.',
          tags: ['offers'],
          querystring: nothing,
          body: offerBody,
          response: {
            201: offerAnswer.meta({ description: 'The offer that was made' }),
            ...errorAnswers,
            409: errorAnswer.meta({
              description: '`offer_exists`, `integration_deleted` or `idempotency_in_progress`',
            }),
          },
        },
      },
      async (request, reply) => {
        const { integration_id, external_id, ...wish } = request.body;
        requireKeptWindow(ports, wish.click_window_days);
        const { status, body } = await ports.inTransaction(request, async (tx) => {
          const integration = await requireLiveIntegration(ports, request, tx, integration_id);
          const empty = emptyOffer(integration.default_currency);
          const state = withWish(empty, wish);
          const written = differingFields(empty, state);
          // Active is what an offer made by hand is; it does not follow the network unless that is wanted.
          const editedFields = OFFER_FIELDS.filter((field) => written.includes(field) || field === 'status');
          const offer = await insertOffer(tx, {
            integrationId: integration.id,
            externalId: external_id ?? null,
            state,
            editedFields,
            changedBy: ports.nameOfKey(request),
          });
          if (offer === null) {
            throw ports.conflict(
              'offer_exists',
              `Offer ${external_id ?? ''} of ${toPublicId('integration', integration.id)} is there already`,
              {},
              [{ path: 'external_id', message: `${external_id ?? ''} is that of another offer` }],
            );
          }
          return { status: 201 as const, body: presentOffer(offer) };
        });
        return reply.code(status).send(body);
      },
    );
  };
}
