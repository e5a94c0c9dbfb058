import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { HugeFilling } from '../faults.js';

const HEAD = '{"request":{},"response":{"status":1,"httpStatus":200,"data":';
const TAIL = ',"errors":[],"errorMessage":null}}';

/** What stands in the place of `data`: its beginning, what is repeated, its middle and end. */
const FILLINGS: Readonly<Record<HugeFilling, { open: string; unit: string; close: string; closing?: string }>> = {
  text: { open: '"', unit: 'x', close: '"' },
  blanks: { open: '', unit: ' ', close: '[]' },
  brackets: { open: '[', unit: '[', close: ']', closing: ']' },
  empty_objects: { open: '[', unit: '{},', close: '{}]' },
};

function* repeat(unit: string, bytes: number, pieceBytes: number): Generator<Buffer> {
  const piece = Buffer.from(unit.repeat(Math.max(1, Math.floor(pieceBytes / unit.length))));
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}

function* body(filling: HugeFilling, bytes: number, pieceBytes: number): Generator<Buffer> {
  const { open, unit, close, closing } = FILLINGS[filling];
  const share = closing === undefined ? bytes : bytes / 2;
  yield Buffer.from(HEAD + open);
  yield* repeat(unit, share, pieceBytes);
  if (closing !== undefined) yield* repeat(closing, share, pieceBytes);
  yield Buffer.from(close + TAIL);
}

/** Sends valid JSON of some length, as fast as it is taken, without holding it. Ends when the caller goes away. */
export async function sendHuge(
  response: ServerResponse,
  options: { bytes: number; filling: HugeFilling; packed: boolean; pieceBytes: number },
): Promise<void> {
  const { bytes, filling, packed, pieceBytes } = options;
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
  });
  const content = Readable.from(body(filling, bytes, pieceBytes), { objectMode: false });
  const sent = packed ? pipeline(content, createGzip({ level: 1 }), response) : pipeline(content, response);
  await sent.catch(() => undefined);
}
