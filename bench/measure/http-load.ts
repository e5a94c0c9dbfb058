import autocannon from 'autocannon';
import { percentile } from './statistics.js';

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  /** Anything but a 200: refused, timed out, broken. */
  readonly failed: number;
}

/**
 * Keeps `connections` busy for so many seconds with GET requests, each of another path. The first answer of each
 * connection counts, but its time does not: it holds the wait for the connection itself, in the system's queue.
 *
 * @param options.pathOf of the request with this number
 */
export async function loadOverHttp(options: {
  url: string;
  connections: number;
  seconds: number;
  pathOf: (n: number) => string;
}): Promise<LoadResult> {
  const { url, connections, seconds, pathOf } = options;
  const timesMs: number[] = [];
  const connected = new WeakSet<object>();
  let answered = 0;
  let sent = 0;
  let failed = 0;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        connections,
        duration: seconds,
        timeout: 30,
        requests: [{ method: 'GET', setupRequest: (request) => ({ ...request, path: pathOf(sent++) }) }],
      },
      (error: unknown, finished) => {
        if (error) reject(error instanceof Error ? error : new Error('The load could not be made'));
        else resolve(finished);
      },
    );
    running.on('response', (client, statusCode, _bytes, timeMs) => {
      if (statusCode === 200) answered++;
      else failed++;
      if (connected.has(client) && statusCode === 200) timesMs.push(timeMs);
      connected.add(client);
    });
  });
  return {
    perSecond: answered / result.duration,
    p50Ms: timesMs.length === 0 ? NaN : percentile(timesMs, 0.5),
    p99Ms: timesMs.length === 0 ? NaN : percentile(timesMs, 0.99),
    answered,
    failed: failed + result.errors,
  };
}
