import { findOfferForLink } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ApiError } from '../../http/api-error.js';
import { linkOf, refusalOf } from './link-of.js';
import { requireOffer } from './require-offer.js';
import { clickId } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { errorAnswer, errorAnswers, idParams, messageId } from '../../http/schemas.js';

export function getLink(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/offers/:id/link',
      {
        schema: {
          operationId: 'getOfferLink',
          summary: 'The link to put into a message',
          description: '422 `unresolved_macros` names what the link needs and was not given, e.g. a click id.',
          tags: ['offers'],
          params: idParams,
          querystring: z.strictObject({ message_id: messageId, click_id: clickId.optional() }),
          response: {
            200: z.object({ url: z.string() }).meta({ description: 'The link' }),
            ...errorAnswers,
            422: errorAnswer.meta({
              description: '`unresolved_macros`, with the macros in `details`, or `unusable_template`',
            }),
          },
        },
      },
      async (request) => {
        const offer = await requireOffer(ports, request, request.params.id, (id) => findOfferForLink(ports.db, id));
        const built = linkOf(offer, request.query);
        if (built.kind === 'link') return { url: built.url };
        const { code, error } = refusalOf(built);
        const details =
          built.kind === 'unresolved_macros'
            ? built.macros.map((macro) => ({ path: macro, message: 'stands for nothing here' }))
            : [];
        throw new ApiError(422, code, error, { details });
      },
    );
  };
}
