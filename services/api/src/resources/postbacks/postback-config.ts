import { findOfferKey, rotateSecret, setExtraParameters } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { FIXED_PARAMETERS } from './rules/postback-template.js';
import type { ApiPorts } from '../../ports.js';
import { postbackConfigAnswer, presentPostbackConfig } from './present-postback-config.js';
import { requireOffer } from '../offers/require-offer.js';
import { errorAnswers, idParams, nothing, storableString } from '../../http/schemas.js';
import { makePostbackSecret, showPostbackConfig } from './steps/show-postback-config.js';

const EXTRA_PARAMETERS_MAX = 20;
const OVERLAP_HOURS_MAX = 30 * 24;
const OVERLAP_HOURS_DEFAULT = 24;

const extraParameters = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be a plain parameter name')
      .refine((name) => !FIXED_PARAMETERS.has(name), 'is part of every postback URL'),
    storableString(200),
  )
  .refine((all) => Object.keys(all).length <= EXTRA_PARAMETERS_MAX, `must hold at most ${EXTRA_PARAMETERS_MAX}`);

const response = {
  200: postbackConfigAnswer.meta({ description: 'The postback URL; it holds the secret' }),
  ...errorAnswers,
};
const tags = ['postbacks'];
const PATH = '/v1/offers/:id/postback-config';

/** Shows, extends and rotates what an offer's postback URL is made of. */
export function postbackConfig(ports: ApiPorts, onChanged: (offerId: bigint) => void): FastifyPluginAsyncZod {
  async function requireOfferId(request: FastifyRequest, id: string): Promise<bigint> {
    await requireOffer(ports, request, id, (offerId) => findOfferKey(ports.db, offerId));
    return ports.readId('offer', id);
  }

  async function show(offerId: bigint): Promise<z.infer<typeof postbackConfigAnswer>> {
    const config = await showPostbackConfig(ports, offerId);
    if (config === null) throw ports.notFound('offer');
    onChanged(offerId);
    return presentPostbackConfig(config);
  }

  return async (app) => {
    app.get(
      PATH,
      {
        schema: {
          operationId: 'getPostbackConfig',
          summary: 'The postback URL of an offer, and what each part of it is for',
          tags,
          params: idParams,
          querystring: nothing,
          response,
        },
      },
      async (request) => show(await requireOfferId(request, request.params.id)),
    );
    app.patch(
      PATH,
      {
        schema: {
          operationId: 'changePostbackConfig',
          summary: 'Set the parameters that are added to the postback URL',
          tags,
          params: idParams,
          querystring: nothing,
          body: z.strictObject({ extra_parameters: extraParameters }),
          response,
        },
      },
      async (request) => {
        const offerId = await requireOfferId(request, request.params.id);
        await setExtraParameters(ports.db, offerId, request.body.extra_parameters);
        return show(offerId);
      },
    );
    app.post(
      `${PATH}/rotate-secret`,
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'rotatePostbackSecret',
          summary: 'Make a new secret; the one before stays valid for the overlap',
          tags,
          params: idParams,
          querystring: nothing,
          body: z
            .strictObject({
              overlap_hours: z.number().min(0).max(OVERLAP_HOURS_MAX).default(OVERLAP_HOURS_DEFAULT),
            })
            .optional(),
          response,
        },
        // Also for the answer of a repeated request.
        preSerialization: async (request, reply, payload) => {
          if (reply.statusCode !== 200) return payload;
          return show(await requireOfferId(request, request.params.id));
        },
      },
      async (request, reply) => {
        const offerId = await requireOfferId(request, request.params.id);
        const overlapHours = request.body?.overlap_hours ?? OVERLAP_HOURS_DEFAULT;
        const { body } = await ports.inTransaction(request, async (tx) => {
          await rotateSecret(tx, offerId, makePostbackSecret(ports.keyRing, offerId), overlapHours);
          return { status: 200, body: { rotated: true as const } };
        });
        // Kept under an Idempotency-Key as it is, without the secret: `preSerialization` puts the URL in its place.
        return reply.send(body as never);
      },
    );
  };
}
