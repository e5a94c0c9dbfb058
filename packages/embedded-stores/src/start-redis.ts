import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort } from './free-port.js';
import { findRedis } from './redis-programs.js';
import { keptSecret } from './start-postgres.js';
import { startStoreProcess, type EmbeddedStore } from './store-process.js';

function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('+PONG')) end(true);
      else if (said.includes('-LOADING')) end(false);
    });
  });
}

/** Redis on a free loopback port with a password and an append-only file, so that its data survive restarts. */
export async function startEmbeddedRedis(options: { dataDir: string }): Promise<EmbeddedStore> {
  const { program, kind, env } = findRedis();
  const folder = path.join(options.dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = keptSecret(path.join(options.dataDir, 'redis-password'));
  const port = await freePort();
  // In a file, since a password among the arguments would show in every process list.
  const config = path.join(folder, 'redis.conf');
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `requirepass ${password}`,
      `dir "${folder}"`,
      'save ""',
      'appendonly yes',
      'appendfsync everysec',
      'maxmemory-policy noeviction',
      'loglevel warning',
    ].join('\n'),
    { mode: 0o600 },
  );
  return startStoreProcess({
    program,
    args: [config],
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    user: {},
    kind,
    url: `redis://:${password}@127.0.0.1:${port}`,
    stopSignal: 'SIGTERM',
    answers: () => answers(port, password),
  });
}
