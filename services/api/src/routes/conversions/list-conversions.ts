import { findOfferKey, listConversions, type OfferKey } from '@trackly-tune/database';
import { fromPublicId, toPublicId } from '@trackly-tune/domain';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { requireIntegration, requireOwnAccount } from '../../resolve-scope.js';
import { day, errorAnswers, limit, ownId, platformId, refineDays } from '../../schemas.js';
import { conversionAnswer, presentConversion } from '../../presenters/present-conversion.js';

const query = refineDays(
  z.strictObject({
    account_id: platformId.optional(),
    integration_id: ownId.optional(),
    attribution: z.enum(['click', 'message_id', 'none']).optional(),
    status: z.enum(['approved', 'pending', 'rejected']).optional(),
    from: day.optional(),
    to: day.optional(),
    offer_id: ownId.optional(),
    message_id: platformId.optional(),
    after: ownId.optional(),
    limit,
  }),
);

async function requireOffer(ports: ApiPorts, request: FastifyRequest, id: string): Promise<OfferKey> {
  const offer = await findOfferKey(ports.db, ports.readId('offer', id));
  if (offer === null) throw ports.notFound('offer');
  requireOwnAccount(ports, request, offer.accountId, 'offer');
  return offer;
}

/** The cursor is the last conversion's id. */
function readCursor(ports: ApiPorts, after: string | undefined): bigint {
  if (after === undefined) return 0n;
  const id = fromPublicId('conversion', after);
  if (id === null) throw ports.invalid('after', 'must be a cursor that this list handed out');
  return id;
}

export function listConversionsRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/conversions',
      {
        schema: {
          operationId: 'listConversions',
          summary: 'Conversions, in the order in which they were first seen',
          tags: ['books'],
          querystring: query,
          response: {
            200: z.object({ data: z.array(conversionAnswer), next: z.string().nullable() }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { account_id, integration_id, offer_id, message_id: messageId, after, ...rest } = request.query;
        const position = readCursor(ports, after);
        if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
        const integrationId =
          integration_id === undefined
            ? undefined
            : await requireIntegration(ports, request, { integration_id, account_id });
        const offer = offer_id === undefined ? undefined : await requireOffer(ports, request, offer_id);
        const accountId = account_id ?? ports.accountOfKey(request) ?? undefined;
        const { attribution, status, from, to } = rest;
        // One more than asked for tells whether there is a next page.
        const rows = await listConversions(
          ports.db,
          { accountId, integrationId, attribution, status, from, to, offer, messageId },
          { after: position, limit: rest.limit + 1 },
        );
        const shown = rows.slice(0, rest.limit);
        const last = shown.at(-1);
        return {
          data: shown.map(presentConversion),
          next: rows.length > rest.limit && last !== undefined ? toPublicId('conversion', last.id) : null,
        };
      },
    );
  };
}
