import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer-call.js';

/** How an answer leaves. */
export type Delivery =
  | { readonly how: 'whole'; readonly answer: Answer }
  | { readonly how: 'cut_off'; readonly answer: Answer }
  | { readonly how: 'slow'; readonly answer: Answer; readonly durationMs: number }
  | { readonly how: 'reset' }
  | { readonly how: 'hang'; readonly durationMs: number | null }
  | { readonly how: 'huge'; readonly bytes: number }
  | { readonly how: 'redirect' };

const SLOW_PIECES = 20;
const HUGE_PIECE = Buffer.alloc(65_536, 'x');

function head(response: ServerResponse, answer: Answer): Buffer {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { 'content-type': answer.contentType, 'content-length': body.length });
  return body;
}

async function drip(response: ServerResponse, answer: Answer, durationMs: number): Promise<void> {
  const body = head(response, answer);
  const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    await wait(durationMs / SLOW_PIECES);
  }
  response.end();
}

async function flood(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"request":{},"response":{"status":1,"httpStatus":200,"data":"');
  for (let sent = 0; sent < bytes && !response.destroyed; sent += HUGE_PIECE.length) {
    if (!response.write(HUGE_PIECE)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
  response.end('","errors":[],"errorMessage":null}}');
}

/** Sends an answer, or does what goes wrong instead. Resolves when the simulator has done its part. */
export async function deliver(response: ServerResponse, delivery: Delivery): Promise<void> {
  switch (delivery.how) {
    case 'whole':
      response.end(head(response, delivery.answer));
      return;
    case 'cut_off': {
      const body = head(response, delivery.answer);
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
      return;
    }
    case 'slow':
      return drip(response, delivery.answer, delivery.durationMs);
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      if (delivery.durationMs === null) return;
      await wait(delivery.durationMs, undefined, { ref: false });
      response.socket?.destroy();
      return;
    case 'huge':
      return flood(response, delivery.bytes);
    case 'redirect':
      response.writeHead(302, { location: '/_elsewhere', 'content-length': 0 });
      response.end();
  }
}
