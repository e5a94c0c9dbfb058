import { expect, test } from '@jest/globals';
import { createTestDatabase, testRedis, until } from '@trackly-tune/testing';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createRedisDoor } from '../../../packages/queues/test/redis-door.js';

const service = fileURLToPath(new URL('..', import.meta.url));
const KEY = 'key-of-everything-1';

test('started while both stores are away it stays up, says so, and goes on by itself; SIGTERM ends it with 0', async () => {
  const database = await createTestDatabase();
  const redis = testRedis();
  const redisDoor = await createRedisDoor(redis.url);
  // The door passes bytes on, whatever they say: PostgreSQL goes through it as well.
  const databaseDoor = await createRedisDoor(database.url);
  const lines: string[] = [];
  const api = spawn(process.execPath, ['dist/main.js'], {
    cwd: service,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_URL: databaseDoor.url,
      REDIS_URL: redisDoor.url,
      QUEUE_PREFIX: redis.prefix,
      API_KEYS: `all:${KEY}`,
      ENCRYPTION_KEYS: `a:${Buffer.alloc(32, 1).toString('base64')}`,
    },
  });
  api.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  const ended = new Promise<number | null>((resolve) => api.once('exit', resolve));
  const listening = () => lines.find((line) => line.includes('"msg":"listening"'));
  await until(() => listening() !== undefined);
  const { address } = JSON.parse(listening() ?? '{}') as { address: string };
  const ask = (path: string) => fetch(address + path, { headers: { 'x-api-key': KEY } });

  const away = await ask('/readyz');
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ ready: false });
  expect((await ask('/healthz')).status).toBe(200);
  const refused = await ask('/v1/conversions');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect(await refused.json()).toMatchObject({ code: 'store_unavailable' });

  await databaseDoor.open();
  await redisDoor.open();
  await until(async () => (await ask('/readyz')).status === 200);
  expect((await ask('/v1/conversions')).status).toBe(200);
  expect(lines.filter((line) => line.includes('the database schema is not ready'))).toHaveLength(1);

  // Redis is a help, not a need: what comes in waits in PostgreSQL.
  await redisDoor.shut();
  await until(async () => (await (await ask('/readyz')).text()).includes('"degraded":["redis"]'));
  expect((await ask('/readyz')).status).toBe(200);

  await databaseDoor.shut();
  await until(async () => (await ask('/readyz')).status === 503);
  expect((await ask('/v1/conversions')).status).toBe(503);
  await databaseDoor.open();
  await redisDoor.open();
  await until(async () => (await ask('/readyz')).status === 200);

  api.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(lines.join('\n')).not.toContain(KEY);
  await databaseDoor.shut();
  await redisDoor.shut();
  await database.drop();
}, 180_000);
