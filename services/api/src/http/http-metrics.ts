import type { Server } from 'node:http';
import { Counter, Histogram, type Registry } from 'prom-client';
import { watchConnections } from './watch-connections.js';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The measurements of all servers of this process. */
export interface HttpMetrics {
  observe(request: { method: string; route: string; status: string }, seconds: number): void;
  /** Counts bytes that were no HTTP request, by server and the code of the parser. */
  unreadable(server: string, code: string): void;
  /** Bounds the connections of a server and shows them. Call it before the server listens. */
  watchConnections(name: string, server: Server): void;
}

/** Registers the measurements, once for a process. `trustProxy`: addresses that speak for many. */
export function createHttpMetrics(metrics: Registry, trustProxy: readonly string[] | undefined): HttpMetrics {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [metrics],
  });
  const unreadable = new Counter({
    name: 'trackly_http_unreadable_requests_total',
    help: 'Requests that HTTP itself refuses, for example a request line with raw blanks: nobody knows what they wanted',
    labelNames: ['server', 'code'],
    registers: [metrics],
  });
  return {
    observe: (request, took) => seconds.observe(request, took),
    unreadable: (server, code) => unreadable.inc({ server, code }),
    watchConnections: watchConnections(metrics, trustProxy),
  };
}
