import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { HugeFilling } from '../faults.js';
import type { Answer } from './answer-call.js';
import { sendHuge } from './send-huge.js';

/** How an answer leaves. */
export type Delivery =
  | { readonly how: 'whole'; readonly answer: Answer }
  | { readonly how: 'cut_off'; readonly answer: Answer }
  | { readonly how: 'slow'; readonly answer: Answer; readonly durationMs: number }
  | { readonly how: 'reset' }
  | { readonly how: 'hang'; readonly durationMs: number | null }
  | {
      readonly how: 'huge';
      readonly bytes: number;
      readonly filling: HugeFilling;
      readonly packed: boolean;
      readonly pieceBytes: number;
    }
  | { readonly how: 'redirect' };

const SLOW_PIECES = 20;

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
      return sendHuge(response, delivery);
    case 'redirect':
      response.writeHead(302, { location: '/_elsewhere', 'content-length': 0 });
      response.end();
  }
}
