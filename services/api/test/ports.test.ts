import { expect, test } from '@jest/globals';
import { createTestDatabase, testRedis, until } from '@trackly-tune/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const service = fileURLToPath(new URL('..', import.meta.url));

async function sendRaw(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

test('with ports of their own, postbacks and health stand there and nowhere else', async () => {
  const database = await createTestDatabase();
  const redis = testRedis();
  const lines: string[] = [];
  const api = spawn(process.execPath, ['dist/main.js'], {
    cwd: service,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      POSTBACK_PORT: '0',
      HEALTH_PORT: '0',
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      QUEUE_PREFIX: redis.prefix,
      API_KEYS: 'all:key-of-everything-1',
      ENCRYPTION_KEYS: `a:${Buffer.alloc(32, 1).toString('base64')}`,
    },
  });
  api.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  const ended = once(api, 'exit');
  const addressOf = async (message: string): Promise<string> => {
    const find = () => lines.find((line) => line.includes(`"msg":"${message}"`));
    await until(() => find() !== undefined);
    return (JSON.parse(find() ?? '{}') as { address: string }).address;
  };
  const main = await addressOf('listening');
  const postbacks = await addressOf('listening for postbacks');
  const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
  await until(async () => (await statusOf(`${main}/readyz`)) === 200);

  expect(await statusOf(`${postbacks}/healthz`)).toBe(200);
  expect(await statusOf(`${postbacks}/conv/offer?offer_id=ofr_1`)).toBe(404);
  expect(await (await fetch(`${postbacks}/conv/offer?offer_id=ofr_1`)).json()).toMatchObject({
    code: 'offer_not_found',
  });
  for (const path of ['/', '/readyz', '/metrics', '/docs', '/openapi.json', '/v1/integrations', '/admin/queues']) {
    const answer = await fetch(postbacks + path);
    expect({ path, status: answer.status, body: await answer.json() }).toMatchObject({
      path,
      status: 404,
      body: { code: 'not_found' },
    });
  }
  const moved = await fetch(`${main}/conv/offer?offer_id=ofr_1`);
  expect({ status: moved.status, body: await moved.json() }).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  });

  // What HTTP refuses leaves a trace.
  expect(await sendRaw(postbacks, 'GET /conv/offer?offer_id=ofr_1&a=b c d HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(
    /^HTTP\/1.1 400 /,
  );
  const metrics = await (await fetch(`${main}/metrics`)).text();
  expect(metrics).toMatch(
    /trackly_http_unreadable_requests_total\{server="postbacks",code="HPE_[A-Z_]+",service="api"\} 1/,
  );
  expect(metrics).toMatch(/trackly_http_connections\{server="api",state="(?:idle|working)",service="api"\} \d/);
  api.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await database.drop();
}, 120_000);
