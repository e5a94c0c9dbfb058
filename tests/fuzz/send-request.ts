import http from 'node:http';
import type { Target, WrittenRequest } from './drawn-request.js';

export interface Answer {
  /** 0: no answer came; `text` says why. */
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly tookMs: number;
}

export interface Wire {
  readonly urls: Readonly<Record<Target, string>>;
  /** The secrets of keys by the name that requests give them. */
  readonly keys: Readonly<Record<'all' | 'acme' | 'birch', string>>;
  readonly agent: http.Agent;
}

/** Longer than the service gives any handler: who has no answer by then has been forgotten. */
const ANSWER_LIMIT_MS = 75_000;

/** The header lines of a request; names may stand there more than once. */
export function headerLines({ headers, key, body, method }: WrittenRequest, keys: Wire['keys']): [string, string][] {
  const values = typeof key === 'object' ? key.raw : key === 'none' ? [] : [keys[key]];
  const length = body === null && (method === 'GET' || method === 'HEAD') ? [] : [String(body?.length ?? 0)];
  return [
    ...values.map((value): [string, string] => ['x-api-key', value]),
    ...headers.map(([name, value]): [string, string] => [name, value]),
    ...length.map((value): [string, string] => ['content-length', value]),
  ];
}

/** Sends a request byte by byte as it is written: no path is tidied up, no header joined. Never throws. */
export function sendRequest(request: WrittenRequest, { urls, keys, agent }: Wire): Promise<Answer> {
  const { hostname, port, host } = new URL(urls[request.target]);
  const beganAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, text: string, headers: http.IncomingHttpHeaders = {}): void => {
      clearTimeout(limit);
      resolve({ status, text, headers, tookMs: performance.now() - beganAt });
    };
    const lines = [['host', host], ...headerLines(request, keys)].flat();
    const sent = http.request({ agent, hostname, port, method: request.method, path: request.url, headers: lines });
    const limit = setTimeout(() => {
      end(0, `no answer within ${ANSWER_LIMIT_MS} ms`);
      sent.destroy();
    }, ANSWER_LIMIT_MS);
    sent.once('error', (error) => end(0, `no answer: ${error.message}`));
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => end(0, `the answer broke off: ${error.message}`));
      response.once('end', () => end(response.statusCode ?? 0, Buffer.concat(chunks).toString(), response.headers));
    });
    sent.end(request.body ?? undefined);
  });
}
