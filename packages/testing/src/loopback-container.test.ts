import { describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import os from 'node:os';
import { findContainerStores } from './container-stores.js';
import { LoopbackContainer } from './loopback-container.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Shows what would be asked of the engine. */
class Shown extends LoopbackContainer {
  bindings(): unknown {
    return this.hostConfig.PortBindings;
  }
}

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });

const containers = await findContainerStores();
const reason = typeof containers === 'string' ? ` (${containers})` : null;

describe('containers of the tests', () => {
  test('ask for loopback at each exposed port', () => {
    expect(new Shown('redis:7').withExposedPorts(6379, { container: 8000, host: 18_000 }).bindings()).toEqual({
      '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }],
      '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '18000' }],
    });
  });

  (reason === null ? test : test.skip)(
    `are reached over loopback and over no other address${reason ?? ''}`,
    async () => {
      if (typeof containers === 'string') throw new Error(containers);
      const redis = await containers.startRedis();
      try {
        const port = Number(new URL(redis.url).port);
        const addresses = Object.values(os.networkInterfaces()).flatMap((of) =>
          (of ?? []).filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
        );
        expect(await accepts('127.0.0.1', port)).toBe(true);
        expect(await Promise.all(addresses.map((address) => accepts(address, port)))).toEqual(
          addresses.map(() => false),
        );
      } finally {
        await redis.stop();
      }
    },
  );
});
