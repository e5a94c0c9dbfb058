import path from 'node:path';
import { freePort } from '@trackly-tune/embedded-stores';
import { waitReady } from '@trackly-tune/launcher';
import { spawn } from 'node:child_process';
import { ROOT, type World } from './open-world.js';

/** Starts the API that keeps no postback beside the real one, on the same stores. */
export async function startApiWithoutStore(
  world: World,
  signal: AbortSignal,
): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const program = path.join(ROOT, 'bench/programs/api-without-store.ts');
  const child = spawn(process.execPath, ['--conditions=development', '--import', 'tsx', program], {
    cwd: ROOT,
    env: { ...world.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  if (!(await waitReady(url, AbortSignal.any([signal, AbortSignal.timeout(120_000)])))) {
    child.kill('SIGKILL');
    throw new Error('The API that keeps no postback did not get ready');
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
