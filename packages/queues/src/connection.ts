import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { logConnection } from './connection-log.js';
import { watchConnection } from './watch-connection.js';

const RECONNECT_DELAY_MAX_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
const DISCONNECT_TIMEOUT_MS = 500;
const KEEP_ALIVE_MS = 10_000;
const COMMAND_TIMEOUT_MS = 2_000;

function connectionOptions(name: string, options: RedisOptions): RedisOptions {
  return {
    connectionName: `trackly-tune:${name}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    // Never gives up: a service outlives its Redis.
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), RECONNECT_DELAY_MAX_MS),
    // After a fail-over the old primary answers READONLY: connect again and repeat the command.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...options,
  };
}

function listen(redis: Redis, name: string, logger: Logger): void {
  const log = logConnection(name, logger);
  // Without a listener a lost connection would end the process.
  redis.on('error', (error: Error) => log.error(error));
  redis.on('ready', () => log.ready());
  watchConnection(redis);
}

/** A connection that knows the copies that BullMQ makes of it, since BullMQ cannot close one that never connected. */
export class WorkerConnection extends Redis {
  readonly #copies: Redis[] = [];

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    this.#copies.push(copy);
    // BullMQ listens too, but takes its listener away when it closes.
    copy.on('error', () => undefined);
    return copy;
  }

  disconnectAll(): void {
    for (const connection of [this, ...this.#copies]) connection.disconnect();
  }
}

/** For workers: commands wait for Redis as long as it takes; BullMQ demands `maxRetriesPerRequest: null`. */
export function openWorkerConnection(redisUrl: string, name: string, logger: Logger): WorkerConnection {
  const connection = new WorkerConnection(redisUrl, connectionOptions(name, { maxRetriesPerRequest: null }));
  listen(connection, name, logger);
  return connection;
}

/**
 * For callers that cannot wait (producers, the rate budget): while Redis is away a command fails at once, and none
 * takes longer than 2 s. Connects by itself, now and after each loss; close it with `disconnect()`.
 */
export function createRedis(options: { redisUrl: string; name: string; logger: Logger }): Redis {
  const { redisUrl, name, logger } = options;
  const redis = new Redis(
    redisUrl,
    connectionOptions(name, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      commandTimeout: COMMAND_TIMEOUT_MS,
      // A command that was under way when the connection broke is not sent again: the caller has its error.
      autoResendUnfulfilledCommands: false,
    }),
  );
  listen(redis, name, logger);
  return redis;
}

/** For readiness checks. Throws when Redis does not answer. */
export async function pingRedis(redis: Redis): Promise<void> {
  await redis.ping();
}
