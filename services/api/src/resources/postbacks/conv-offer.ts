import { POSTBACK_REFUSALS, type PostbackParameters } from '@trackly-tune/domain';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { parse as parseForm } from 'node:querystring';
import { z } from 'zod';
import { parseJsonParameters } from './intake/json-parameters.js';
import type { PostbackDesk } from './intake/take-postback.js';
import { invalidRequest } from '../../http/api-error.js';
import { errorAnswer } from '../../http/schemas.js';

/** No URL is longer, so no body need be. */
const POSTBACK_BYTES_MAX = 16 * 1024;
/** `application/json` and what is built on it, however it is spelt; parameters after it do not matter. */
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

const value = z.string().optional();

/** Describes the parameters; a request is read by `readPostback`, which answers what it refuses with its own codes. */
const parameters = z.looseObject({
  offer_id: z.string().meta({ description: 'Our id of the offer' }),
  postback_secret: z.string(),
  txn_id: value.meta({ description: '{transaction_id}' }),
  revenue: value.meta({ description: '{payout}: a plain decimal with at most five decimals' }),
  message_id: value,
  click_id: value,
  goal_id: value,
  affiliate_id: value.meta({ description: '{affiliate_id}: must be the affiliate of the integration' }),
  currency: value.meta({ description: 'ISO 4217; default the currency of the offer, then of the integration' }),
  status: value.meta({ description: 'approved (default), pending or rejected' }),
  event: value.meta({ description: 'lead, sale, rebill, refund, chargeback, install or signup' }),
});

const postedBody = parameters.partial().meta({
  description: 'Form or JSON; values are text or numbers. What the query says need not be repeated',
});

const answer = z
  .object({ success: z.literal(true), status: z.enum(['accepted', 'duplicate']) })
  .meta({ id: 'PostbackTaken' });
const meaning = (description: string) => errorAnswer.meta({ description });
const refusalCodes = POSTBACK_REFUSALS.map((code) => `\`${code}\``).join(', ');
const response = {
  200: answer.meta({ description: 'PostgreSQL has it, now or since before' }),
  400: meaning('`invalid_request`: the body is no JSON object; only counted'),
  401: meaning('`secret_wrong`: postback_secret is missing or is not one of the offer; only counted'),
  404: meaning('`offer_not_found`; only counted'),
  422: meaning(`It cannot be used, and is kept in the inbound log with the reason: ${refusalCodes}`),
  500: meaning('`internal_error`: it was logged under the request id of X-Request-Id'),
  503: meaning('`store_unavailable` or `overloaded`: nothing was booked, try again after Retry-After'),
};

/** Written once: this route answers thousands of times a second. */
const BODIES = {
  accepted: JSON.stringify({ success: true, status: 'accepted' }),
  duplicate: JSON.stringify({ success: true, status: 'duplicate' }),
};

/** Query and body as one; a name that stands in both with different values is one that stands there twice. */
function parametersOf(request: FastifyRequest): PostbackParameters {
  const query = request.query as PostbackParameters;
  if (request.body === undefined || request.body === null) return query;
  const sent = request.body as PostbackParameters;
  // Without a prototype: names are the sender's.
  const both = Object.assign(
    Object.create(null) as Record<string, string | readonly string[] | null | undefined>,
    query,
    sent,
  );
  for (const name of Object.keys(sent)) {
    // Its own: a query without any is an object that has inherited names.
    const [first, second] = [Object.hasOwn(query, name) ? query[name] : undefined, sent[name]];
    if (first !== undefined && first !== second) both[name] = [first ?? '', second ?? ''].flat();
  }
  return both;
}

/** `GET|POST /conv/offer`: what TUNE calls when a conversion happens. No API key: the secret of the offer lets it in. */
export function convOffer(desk: PostbackDesk): FastifyPluginAsyncZod {
  return async (app) => {
    app.removeAllContentTypeParsers();
    const limits = { parseAs: 'string', bodyLimit: POSTBACK_BYTES_MAX } as const;
    app.addContentTypeParser('application/x-www-form-urlencoded', limits, (_request, body: string, done) =>
      done(null, parseForm(body)),
    );
    app.addContentTypeParser(JSON_TYPES, limits, (_request, body: string, done) => {
      const parameters = parseJsonParameters(body);
      if (parameters !== null) return done(null, parameters);
      desk.countUnread('body_unreadable');
      done(invalidRequest({ path: 'body', message: 'must be a JSON object of names and values' }));
    });
    for (const method of ['GET', 'POST'] as const) {
      app.route({
        method,
        url: '/conv/offer',
        // A look must not book.
        exposeHeadRoute: false,
        schema: {
          operationId: method === 'GET' ? 'getPostback' : 'postPostback',
          summary: 'A conversion, told by the network',
          tags: ['postbacks'],
          security: [],
          querystring: parameters,
          // Described only: `parametersOf` reads it, whichever of the two types it came as.
          ...(method === 'POST' ? { body: postedBody } : {}),
          response,
        },
        validatorCompiler: () => (data: unknown) => ({ value: data }),
        handler: async (request, reply) => {
          const status = await desk.take(parametersOf(request));
          return reply.type('application/json; charset=utf-8').send(BODIES[status] as never);
        },
      });
    }
  };
}
