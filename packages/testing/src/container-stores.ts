import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withTimeLimit } from '@trackly-tune/service-runtime';

/** A store in a container of the test run. */
export interface ContainerStore {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ContainerStores {
  startPostgres(): Promise<ContainerStore>;
  startRedis(): Promise<ContainerStore>;
}

const POSTGRES_IMAGE = 'postgres:18';
const REDIS_IMAGE = 'redis:7';
const ENGINE_TIMEOUT_MS = 3_000;
const START_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RETRY_MS = 200;

/** The image says that it is ready once while it sets itself up, when nobody outside can connect yet. */
async function untilConnected(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/**
 * Stores in containers, where an engine answers within 3 seconds and has the images already: nothing is pulled, since
 * a test run must not hang on a slow or unreachable registry. They listen on loopback only, so the engine must be on
 * this machine. Otherwise a sentence that says why not.
 */
export async function findContainerStores(): Promise<ContainerStores | string> {
  const { Wait, getContainerRuntimeClient } = await import('testcontainers');
  const { LoopbackContainer } = await import('./loopback-container.js');
  try {
    const client = await withTimeLimit('The container engine', ENGINE_TIMEOUT_MS, getContainerRuntimeClient);
    // Its stores would have to listen for the whole network to be reached from here.
    if (client.info.containerRuntime.host !== 'localhost') return 'the container engine is on another machine';
    for (const image of [POSTGRES_IMAGE, REDIS_IMAGE]) {
      const found = await withTimeLimit('The container engine', ENGINE_TIMEOUT_MS, () =>
        client.container.dockerode
          .getImage(image)
          .inspect()
          .then(Boolean, () => false),
      );
      if (!found) return `the container engine does not have the image ${image}`;
    }
  } catch {
    return 'no container engine answers';
  }
  // The reaper is one more image, which would be pulled; what the run starts it stops by itself.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const password = randomBytes(12).toString('hex');
  return {
    async startPostgres() {
      const container = await new LoopbackContainer(POSTGRES_IMAGE)
        .withEnvironment({ POSTGRES_USER: 'trackly', POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: '--locale=C' })
        // Tests throw their databases away: nothing needs to be on a disk.
        .withCommand([
          'postgres',
          ...['fsync=off', 'full_page_writes=off', 'max_connections=300'].flatMap((it) => ['-c', it]),
        ])
        .withExposedPorts(5432)
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/))
        .withStartupTimeout(START_TIMEOUT_MS)
        .start();
      const at = `127.0.0.1:${container.getMappedPort(5432)}`;
      const url = `postgres://trackly:${password}@${at}/trackly`;
      await untilConnected(url);
      return { url, stop: async () => void (await container.stop()) };
    },
    async startRedis() {
      const container = await new LoopbackContainer(REDIS_IMAGE)
        .withCommand(['redis-server', '--save', '', '--maxmemory-policy', 'noeviction'])
        .withExposedPorts(6379)
        .withWaitStrategy(Wait.forListeningPorts())
        .withStartupTimeout(START_TIMEOUT_MS)
        .start();
      const at = `127.0.0.1:${container.getMappedPort(6379)}`;
      return { url: `redis://${at}`, stop: async () => void (await container.stop()) };
    },
  };
}
