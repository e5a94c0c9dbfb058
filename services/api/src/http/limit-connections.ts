import type { Server, ServerResponse, IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections of one server. */
  readonly connectionsMax: number;
  /** Connections of one address; addresses that `isProxy` have no share, since they speak for many. */
  readonly shareMax: number;
  readonly isProxy: (address: string) => boolean;
}

/** Why a connection was closed by us: an idle one made room, or a new one found only working ones. */
export type ClosedBecause = 'idle_at_limit' | 'idle_at_share' | 'refused_at_limit' | 'refused_at_share';

export interface ConnectionWatch {
  counts(): { readonly working: number; readonly idle: number };
}

/** Connections of one address. A Set keeps the order in which they became idle: the longest idle one stands first. */
interface Holder {
  readonly key: string;
  readonly isProxy: boolean;
  readonly idle: Set<Socket>;
  size: number;
}

interface Connection {
  readonly holder: Holder;
  /** Requests under way on it. */
  requests: number;
}

/** Whose share a connection counts for: an IPv4 address, or the /64 that one holder of IPv6 addresses usually has. */
export function holderOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%', 1)[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled =
    tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return `${filled.slice(0, 4).join(':')}::/64`;
}

/**
 * Bounds the connections of a server. At the limit the longest idle connection of the address that holds most gives
 * way to a new one; at the share of one address, its own longest idle one. A connection that works on a request is
 * never cut: when all work, the new one is refused. Call it before the server listens.
 */
export function limitConnections(
  server: Server,
  limits: ConnectionLimits,
  onClosed: (because: ClosedBecause) => void,
): ConnectionWatch {
  const holders = new Map<string, Holder>();
  const connections = new Map<Socket, Connection>();

  function holderFor(address: string): Holder {
    const key = holderOf(address);
    const holder = holders.get(key) ?? { key, isProxy: limits.isProxy(address), idle: new Set(), size: 0 };
    holders.set(key, holder);
    return holder;
  }

  function forget(socket: Socket): void {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    const { holder } = connection;
    connections.delete(socket);
    holder.idle.delete(socket);
    holder.size -= 1;
    if (holder.size === 0) holders.delete(holder.key);
  }

  function largestWithIdle(): Holder | null {
    let largest: Holder | null = null;
    for (const holder of holders.values()) {
      if (holder.idle.size > 0 && (largest === null || holder.size > largest.size)) largest = holder;
    }
    return largest;
  }

  /** Closes the longest idle connection of a holder; false when all of them work. */
  function makeRoom(holder: Holder | null, because: ClosedBecause): boolean {
    const [longest] = holder?.idle ?? [];
    if (longest === undefined) return false;
    forget(longest);
    longest.destroy();
    onClosed(because);
    return true;
  }

  /** Why there is no room for one more of this holder; null when there is, or was made. */
  function noRoomFor(holder: Holder): ClosedBecause | null {
    const overShare = !holder.isProxy && holder.size >= limits.shareMax;
    if (overShare && !makeRoom(holder, 'idle_at_share')) return 'refused_at_share';
    const full = connections.size >= limits.connectionsMax;
    return full && !makeRoom(largestWithIdle(), 'idle_at_limit') ? 'refused_at_limit' : null;
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const refused = noRoomFor(holderFor(address));
    // Again: the one that was closed may have been the last of the same holder.
    const holder = holderFor(address);
    if (refused !== null) {
      if (holder.size === 0) holders.delete(holder.key);
      socket.destroy();
      return onClosed(refused);
    }
    holder.size += 1;
    holder.idle.add(socket);
    connections.set(socket, { holder, requests: 0 });
    socket.once('close', () => forget(socket));
  });

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.requests += 1;
    connection.holder.idle.delete(socket);
    response.once('close', () => {
      connection.requests -= 1;
      if (connection.requests === 0 && connections.has(socket)) connection.holder.idle.add(socket);
    });
  });

  return {
    counts() {
      let idle = 0;
      for (const holder of holders.values()) idle += holder.idle.size;
      return { idle, working: connections.size - idle };
    },
  };
}
