import { Pool } from 'undici';
import { createCallGate, type CallGate } from './call-gate.js';
import type { TuneLimits } from './limits.js';
import { targetUrl, type TargetUrl } from './target-url.js';

/** What all clients of one network in this process have in common. */
export interface NetworkDoor {
  readonly url: TargetUrl;
  readonly pool: Pool;
  /** As many as there are connections, so that a call whose turn it is goes out at once. */
  readonly gate: CallGate;
  /** What this network was found to refuse; forgotten with the process. */
  readonly learnt: {
    /** Long URLs: asks by form POST from then on (quirk 26). */
    longUrls: boolean;
    readonly sortFields: Set<string>;
    /** `contain[]=Advertiser` in the list of offers. */
    contain: boolean;
  };
}

export interface NetworkDoors {
  /** Throws TuneError `network_not_found` for an id that can be none. */
  of(networkId: string): NetworkDoor;
  close(): Promise<void>;
}

const DOORS_MAX = 1_000;

/** A pool of kept-alive connections per network: one that hangs takes none from the others (law 8). */
export function createNetworkDoors(apiUrl: string, limits: TuneLimits): NetworkDoors {
  const doors = new Map<string, NetworkDoor>();

  const open = (networkId: string): NetworkDoor => {
    const url = targetUrl(apiUrl, networkId);
    const pool = new Pool(url.origin, {
      connections: limits.connectionsPerNetwork,
      pipelining: 1,
      connect: { timeout: limits.connectTimeoutMs },
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyTimeoutMs,
    });
    return {
      url,
      pool,
      gate: createCallGate(limits.connectionsPerNetwork),
      learnt: { longUrls: false, sortFields: new Set(), contain: false },
    };
  };

  const dropIdle = (): void => {
    for (const [networkId, door] of doors) {
      if (doors.size < DOORS_MAX) return;
      if (!door.gate.idle()) continue;
      doors.delete(networkId);
      void door.pool.destroy();
    }
  };

  return {
    of(networkId) {
      const key = networkId.toLowerCase();
      const known = doors.get(key);
      if (known) return known;
      dropIdle();
      const door = open(key);
      doors.set(key, door);
      return door;
    },
    async close() {
      const open = [...doors.values()];
      doors.clear();
      await Promise.all(open.map((door) => door.pool.destroy()));
    },
  };
}
