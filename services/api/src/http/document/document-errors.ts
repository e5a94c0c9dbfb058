import type { FastifyInstance, FastifySchema } from 'fastify';
import type { z } from 'zod';
import { errorAnswer } from '../schemas.js';
import { NAMED_ANSWERS, type AnswerName } from './named-answers.js';

const OF_ALL: readonly AnswerName[] = [
  'InvalidRequest',
  'Unauthorized',
  'NotAcceptable',
  'InternalError',
  'Unavailable',
];
const OF_CHANGES: readonly AnswerName[] = ['ReadOnlyKey'];
const OF_BODIES: readonly AnswerName[] = ['BodyTooLarge', 'UnsupportedMediaType'];
const OF_POSTS: readonly AnswerName[] = ['IdempotencyInProgress', 'IdempotencyKeyReused'];

function answersOf(methods: readonly string[]): Record<number, z.ZodType> {
  const names = [
    ...OF_ALL,
    ...(methods.some((method) => !['GET', 'HEAD'].includes(method)) ? OF_CHANGES : []),
    ...(methods.some((method) => ['POST', 'PATCH', 'PUT'].includes(method)) ? OF_BODIES : []),
    ...(methods.includes('POST') ? OF_POSTS : []),
  ];
  return Object.fromEntries(
    names.map((name) => {
      const { status, description } = NAMED_ANSWERS[name];
      return [status, errorAnswer.meta({ description })];
    }),
  );
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
