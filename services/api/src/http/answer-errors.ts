import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest, type ApiError } from './api-error.js';
import { discardBody } from './discard-body.js';
import { toApiError } from './to-api-error.js';

/** The body of every error answer. */
export function errorBody(error: ApiError): Record<string, unknown> {
  const { details, extra } = error.parts;
  return { error: error.message, code: error.code, ...extra, ...(details === undefined ? {} : { details }) };
}

/** Answers an error in the contract's form, and logs what nobody expected. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { answer, unexpected } = toApiError(error);
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

interface ConnectionProblem extends Error {
  readonly code?: string;
}

interface Connection {
  readonly destroyed: boolean;
  readonly writable: boolean;
  end(text: string): unknown;
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what is not even HTTP, before there is a request. The bytes themselves are never logged. */
export function answerBrokenConnection(error: ConnectionProblem, socket: Connection, log: FastifyBaseLogger): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  log.debug({ code: error.code ?? 'unknown' }, 'a connection did not speak HTTP');
  if (!socket.writable) return;
  const body = JSON.stringify(errorBody(invalidRequest({ path: 'request', message: 'cannot be understood' })));
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
