import type { IncomingMessage } from 'node:http';

const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;
const DISCARD_TIMEOUT_MS = 5_000;

/**
 * Reads the rest of a body and forgets it, within bounds: a client that is still sending when the connection closes
 * gets a broken pipe instead of the answer.
 */
export function discardBody(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(done, DISCARD_TIMEOUT_MS);
    function count(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > DISCARDED_BYTES_MAX) done();
    }
    function done(): void {
      clearTimeout(timer);
      request.off('data', count);
      for (const event of ['end', 'close', 'error']) request.off(event, done);
      resolve();
    }
    if (request.readableEnded || request.destroyed) return done();
    for (const event of ['end', 'close', 'error']) request.once(event, done);
    request.on('data', count);
    request.resume();
  });
}
