import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { TuneError } from './tune-error.js';

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

/**
 * Reads a body as text, counting its bytes after decompression: at `bytesMax` it stops with `response_too_large`.
 * What goes wrong below is thrown as it is, for the caller to translate.
 */
export async function readBody(body: Readable, options: { encoding?: string; bytesMax: number }): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of unpack(body, options.encoding) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > options.bytesMax) {
      throw new TuneError('response_too_large', `The answer is longer than ${options.bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8').decode(Buffer.concat(chunks));
}
