import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from './api-error.js';
import { discardBody } from './discard-body.js';
import { toApiError } from './to-api-error.js';

/** The body of every error answer. */
export function errorBody(error: ApiError): Record<string, unknown> {
  const { details, extra } = error.parts;
  return { error: error.message, code: error.code, ...extra, ...(details === undefined ? {} : { details }) };
}

/** Answers an error in the contract's form, and logs what nobody expected. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { answer, unexpected } = toApiError(error, request);
  if (answer.status === 413) await discardBody(request.raw);
  if (unexpected) {
    const level = answer.status === 500 ? 'error' : 'warn';
    request.log[level]({ request_id: request.id, code: answer.code, err: error }, 'request failed');
  }
  return reply
    .code(answer.status)
    .headers({ ...answer.parts.headers })
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(errorBody(answer));
}
