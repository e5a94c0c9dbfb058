import { compile } from '@fastify/proxy-addr';
import type { Server } from 'node:http';
import { Counter, Gauge, type Registry } from 'prom-client';
import { limitConnections, type ClosedBecause } from './limit-connections.js';

/** Each server has its own limit, so that who fills the one shuts nobody out of the other. */
const CONNECTIONS_MAX = 2_000;
/** Half of them for one address: the other half stays for everybody else. */
const SHARE_MAX = CONNECTIONS_MAX / 2;

/** Bounds the connections of servers and shows them in the metrics, by the name of the server. */
export function watchConnections(
  metrics: Registry,
  trustProxy: readonly string[] | undefined,
): (name: string, server: Server) => void {
  const servers = new Map<string, () => { working: number; idle: number }>();
  const closed = new Counter({
    name: 'trackly_http_connections_closed_total',
    help: 'Connections that were closed to make room (idle_…), or refused since all others worked (refused_…)',
    labelNames: ['server', 'because'],
    registers: [metrics],
  });
  new Gauge({
    name: 'trackly_http_connections',
    help: 'Open connections, by whether a request is under way on them',
    labelNames: ['server', 'state'],
    registers: [metrics],
    collect() {
      for (const [server, counts] of servers) {
        const { working, idle } = counts();
        this.set({ server, state: 'working' }, working);
        this.set({ server, state: 'idle' }, idle);
      }
    },
  });
  const trusted = trustProxy === undefined ? null : compile([...trustProxy]);
  const limits = {
    connectionsMax: CONNECTIONS_MAX,
    shareMax: SHARE_MAX,
    isProxy: (address: string) => trusted?.(address, 0) ?? false,
  };
  return (name, server) => {
    const watch = limitConnections(server, limits, (because: ClosedBecause) => closed.inc({ server: name, because }));
    servers.set(name, watch.counts);
  };
}
