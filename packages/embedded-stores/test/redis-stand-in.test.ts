import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import os from 'node:os';
import { freePort } from '../src/free-port.js';
import { standInArgs } from '../src/redis-programs.js';
import { askRedis } from './ask-stores.js';

let [port, child]: [number, ChildProcess | undefined] = [0, undefined];
const url = (password: string): string => `redis://${password}127.0.0.1:${port}`;

/** Whether a connection to `host` is taken. */
const isOpen = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });

beforeAll(async () => {
  port = await freePort();
  child = spawn(process.execPath, standInArgs(port), {
    env: { REDIS_PASSWORD: 'the-password' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
});
afterAll(() => void child?.kill('SIGKILL'));

test('the stand-in for Redis answers only to its password', async () => {
  expect(await askRedis(url(''), 'SET a 1')).toContain('NOAUTH');
  expect(await askRedis(url(':wrong@'), 'SET a 1')).toContain('WRONGPASS');
  expect(await askRedis(url(':the-password@'), 'SET a 1')).toContain('+OK');
});

test('the stand-in for Redis listens on loopback alone', async () => {
  expect(await isOpen('127.0.0.1')).toBe(true);
  const others = Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of others) expect(await isOpen(address)).toBe(false);
});
