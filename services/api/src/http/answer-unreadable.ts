import { invalidRequest } from './api-error.js';
import { errorBody } from './answer-errors.js';

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

/** Codes of Node's parser and of its time limits; anything else is one series. */
const KNOWN_CODE = /^(?:HPE_[A-Z_]{1,40}|ERR_HTTP_REQUEST_TIMEOUT)$/;

/**
 * Answers what is not even HTTP, before there is a request: there is no route and no offer to count it under, so that it
 * is counted by the parser's code. The bytes themselves are never logged.
 */
export function answerUnreadable(error: ConnectionProblem, socket: Connection, count: (code: string) => void): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  count(KNOWN_CODE.test(error.code ?? '') ? (error.code ?? '') : 'other');
  if (!socket.writable) return;
  const body = JSON.stringify(errorBody(invalidRequest({ path: 'request', message: 'cannot be understood' })));
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
