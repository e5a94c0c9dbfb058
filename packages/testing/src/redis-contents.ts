import { Redis } from 'ioredis';

const KEYS_EACH = 500;

async function withRedis<Result>(url: string, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(url, { maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1, 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}

/** Every key below a prefix with all that it holds, as one text each. */
export function readRedisContents(url: string, prefix: string): Promise<string[]> {
  return withRedis(url, async (redis) => {
    const texts: string[] = [];
    for (let cursor = '0'; ;) {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_EACH);
      texts.push(
        ...(await Promise.all(keys.map(async (key) => `${key} ${JSON.stringify(await valueOf(redis, key))}`))),
      );
      if (next === '0') return texts;
      cursor = next;
    }
  });
}

/** Takes all memory from a Redis: for one that nobody else uses. */
export function emptyRedis(url: string): Promise<void> {
  return withRedis(url, async (redis) => void (await redis.flushall()));
}
