import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.js';
import { VERSION } from './version.js';

export interface HealthServer {
  /** The port that it listens on; null when it is off. */
  readonly port: number | null;
  close(): Promise<void>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const ALIVE = JSON.stringify({ status: 'alive', version: VERSION });
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 100;

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

async function answer(path: string | undefined, response: ServerResponse, readiness: Readiness, metrics: Registry) {
  switch (path) {
    case '/healthz':
      return send(response, 200, JSON_TYPE, ALIVE);
    case '/readyz': {
      const report = await readiness.check();
      return send(response, report.ready ? 200 : 503, JSON_TYPE, JSON.stringify(report));
    }
    case '/metrics':
      return send(response, 200, metrics.contentType, await metrics.metrics());
    default:
      return send(response, 404, JSON_TYPE, '{"error":"Not found","code":"not_found"}');
  }
}

/**
 * `/healthz`, `/readyz` and `/metrics` of a service on its HEALTH_PORT. Open it before what works, so that it is
 * closed after them and says 503 while they finish. Rejects when the port is taken.
 *
 * @param options.port null = off (then nothing listens); 0 = any free port
 */
export async function createHealthServer(options: {
  host: string;
  port: number | null;
  readiness: Readiness;
  metrics: Registry;
}): Promise<HealthServer> {
  const { metrics, host, port, readiness } = options;
  if (port === null) return { port: null, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0], response, readiness, metrics).catch(() =>
      send(response, 500, JSON_TYPE, '{"error":"Internal error","code":"internal_error"}'),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
