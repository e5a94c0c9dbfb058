import { isAscii } from 'node:buffer';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AnswerMeter } from './answer-meter.js';
import type { HeldAnswer } from './answer-memory.js';
import { TuneError } from './tune-error.js';

/** A piece counts as so many bytes at least, or an answer in pieces of one byte would cost a hundred times its length. */
const PIECE_BYTES_MIN = 64;

/** This answer was the largest of all that are being read, and they are too much together. */
export function memoryFull(): TuneError {
  const text = 'The answers that are being read at once hold more than this process has for them; this was the largest';
  return new TuneError('memory_full', text, { answeredBy: 'other' });
}

function unpack(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const unpacker =
    name === 'gzip' || name === 'x-gzip'
      ? createGunzip()
      : name === 'deflate'
        ? createInflate()
        : name === 'br'
          ? createBrotliDecompress()
          : null;
  if (!unpacker) throw new TuneError('not_tune', 'The answer is packed in a way that was not asked for');
  // Errors of either end come out of the loop that reads.
  return pipeline(body, unpacker, () => undefined);
}

/** Copies pieces into few blocks: a piece is a view that may keep far more alive than its own bytes. */
class BodyBlocks {
  readonly #held: HeldAnswer;
  #block = Buffer.alloc(0);
  #used = 0;
  #bytes = 0;

  constructor(held: HeldAnswer) {
    this.#held = held;
  }

  /** Throws TuneError `memory_full`. */
  add(piece: Buffer): void {
    for (let at = 0; at < piece.length;) {
      if (this.#used === this.#block.length) {
        const block = this.#held.take();
        if (block === null) throw memoryFull();
        [this.#block, this.#used] = [block, 0];
      }
      const copied = piece.copy(this.#block, this.#used, at);
      this.#used += copied;
      at += copied;
    }
    this.#bytes += piece.length;
  }

  /** The whole as text. Of plain ASCII, which most answers are, Node.js keeps a long text outside of V8's heap. */
  text(): string {
    const whole = Buffer.concat(this.#held.blocks(), this.#bytes);
    return whole.toString(isAscii(whole) ? 'latin1' : 'utf8');
  }
}

/**
 * Reads a body as text, counting its bytes after decompression and its values: at `bytesMax` or `valuesMax` it stops
 * with `response_too_large`, and with `memory_full` when it is the largest of answers that together hold too much. What
 * goes wrong below is thrown as it is, for the caller to translate.
 */
export async function readBody(
  body: Readable,
  options: { encoding?: string; bytesMax: number; valuesMax: number; held: HeldAnswer },
): Promise<string> {
  const blocks = new BodyBlocks(options.held);
  const meter = new AnswerMeter(options.valuesMax);
  let bytes = 0;
  for await (const piece of unpack(body, options.encoding) as AsyncIterable<Buffer>) {
    bytes += Math.max(piece.length, PIECE_BYTES_MIN);
    if (bytes > options.bytesMax) {
      throw new TuneError('response_too_large', `The answer is longer than ${options.bytesMax} bytes`);
    }
    meter.add(piece);
    blocks.add(piece);
  }
  return blocks.text();
}
