import type { FastifyInstance, FastifySchema } from 'fastify';
import type { z } from 'zod';
import { errorAnswer } from './schemas.js';

const meaning = (description: string): z.ZodType => errorAnswer.meta({ description });

const OF_ALL = {
  400: meaning('`invalid_request`: body, query or path is not valid; `details` name the fields'),
  401: meaning('`unauthorized`: X-Api-Key is missing or not known'),
  406: meaning('`not_acceptable`: the Accept header leaves out application/json'),
  500: meaning('`internal_error`: it was logged under the request id of X-Request-Id'),
  503: meaning('`store_unavailable` and others that pass: try again after Retry-After'),
};
const OF_BODIES = {
  413: meaning('`body_too_large`: more than 5 MB'),
  415: meaning('`unsupported_media_type`: not application/json'),
};
const OF_POSTS = {
  409: meaning('`idempotency_in_progress`, or what the route says'),
  422: meaning('`idempotency_key_reused`, or what the route says'),
};

function answersOf(methods: readonly string[]): Record<number, z.ZodType> {
  return {
    ...OF_ALL,
    ...(methods.some((method) => ['POST', 'PATCH', 'PUT'].includes(method)) ? OF_BODIES : {}),
    ...(methods.includes('POST') ? OF_POSTS : {}),
  };
}

/** Adds to each route of /v1 the errors that the service around it answers with, so that no route can forget them. */
export function documentErrors(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/') || route.schema === undefined) return;
    const schema: FastifySchema = route.schema;
    const response = (schema.response ?? {}) as Record<string, unknown>;
    route.schema = { ...schema, response: { ...answersOf([route.method].flat()), ...response } };
  });
}
