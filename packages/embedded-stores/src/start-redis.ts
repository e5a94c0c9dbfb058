import { chownSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { openDataFolder, placeStore } from './data-folder.js';
import { onFreePort } from './free-port.js';
import { keptSecret } from './kept-secret.js';
import { findRedis, standInArgs } from './redis-programs.js';
import { runOnClaim } from './run-on-claim.js';
import { startStoreProcess, type EmbeddedStore } from './store-process.js';
import { findStoreUser, type StoreUser } from './store-user.js';

function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('+PONG')) end(true);
      else if (said.includes('-')) end(false);
    });
  });
}

/** A file, since a password among the arguments would show in every process list. */
function writeConfig(folder: string, port: number, password: string, user: StoreUser): string {
  const file = path.join(folder, 'redis.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'loglevel warning',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(file, user.uid, user.gid);
  return file;
}

/**
 * Redis on a free loopback port with a password kept in `dataDir`/secrets, that evicts nothing and whose append-only
 * file in `dataDir`/redis survives restarts. Where no Redis can be had, a stand-in of JavaScript is started and a note
 * says so. Throws EmbeddedStoreError. The options are those of `startEmbeddedPostgres`.
 */
export async function startEmbeddedRedis(options: {
  dataDir: string;
  port?: number;
  onNote?: (line: string) => void;
}): Promise<EmbeddedStore> {
  const { onNote = () => undefined } = options;
  const data = openDataFolder(options.dataDir);
  return runOnClaim({
    data,
    name: 'redis',
    stopSignal: 'SIGTERM',
    onNote,
    async start(processFile) {
      const user = findStoreUser('redis', path.join(data.path, 'redis'));
      const folder = placeStore(data, 'redis', user, onNote);
      const { program, kind, env } = findRedis(user);
      const standIn = kind === 'stand-in';
      if (standIn) {
        onNote(
          'No Redis was found (redis-server and valkey-server on the PATH, packages by apt): a stand-in of JavaScript runs, which is slow and forgets its data when it stops. Install Redis (apt-get install redis-server, dnf install valkey, brew install redis) or set REDIS_URL.',
        );
      }
      const password = keptSecret(path.join(data.secrets, 'redis-password'));
      return onFreePort(options.port, async (port) => {
        const running = await startStoreProcess({
          program,
          args: standIn ? standInArgs(port) : [writeConfig(folder, port, password, user)],
          cwd: standIn ? '/' : folder,
          env: { PATH: process.env.PATH, ...env, ...(standIn ? { REDIS_PASSWORD: password } : {}) },
          // The stand-in keeps nothing, and its program may lie where that user cannot read it.
          user: standIn ? {} : user,
          stopSignal: 'SIGTERM',
          processFile,
          answers: () => answers(port, password),
        });
        return { ...running, kind, port, url: `redis://:${password}@127.0.0.1:${port}` };
      });
    },
  });
}
