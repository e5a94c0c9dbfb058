import path from 'node:path';
import { freePort } from '@trackly-tune/embedded-stores';
import { waitReady } from '@trackly-tune/launcher';
import { spawn } from 'node:child_process';
import { ROOT } from './open-world.js';

/** Starts a route that answers a constant, in a process of its own. */
export async function startBareRoute(signal: AbortSignal): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const program = path.join(ROOT, 'bench/programs/bare-route.ts');
  const child = spawn(process.execPath, ['--conditions=development', '--import', 'tsx', program], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: String(port) },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  if (!(await waitReady(url, AbortSignal.any([signal, AbortSignal.timeout(120_000)])))) {
    child.kill('SIGKILL');
    throw new Error('The bare route did not get ready');
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
