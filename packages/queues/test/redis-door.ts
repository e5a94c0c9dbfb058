/** A door in front of the tests' Redis that can be shut, so that Redis is away for one test only. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export interface RedisDoor {
  readonly url: string;
  /** Breaks all connections and refuses new ones. */
  shut(): Promise<void>;
  /** Keeps connections open but passes nothing on: a peer that vanished without a word. */
  freeze(): void;
  open(): Promise<void>;
}

/** A door that is shut at first. */
export async function createRedisDoor(redisUrl: string): Promise<RedisDoor> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let frozen = false;
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const opened = createServer((inner) => {
        const outer = createConnection(Number(target.port || 6379), target.hostname);
        for (const [from, to] of [
          [inner, outer],
          [outer, inner],
        ] as const) {
          sockets.add(from);
          from.on('error', () => to.destroy());
          from.on('close', () => {
            sockets.delete(from);
            to.destroy();
          });
          from.on('data', (chunk) => void (frozen || to.write(chunk)));
        }
      });
      opened.once('error', reject);
      opened.listen(port, '127.0.0.1', () => {
        server = opened;
        const address = opened.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server = undefined;
      for (const socket of sockets) socket.destroy();
    });
  const port = await listen(0);
  await shut();
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    shut,
    freeze() {
      frozen = true;
    },
    async open() {
      frozen = false;
      if (!server) await listen(port);
    },
  };
}
