import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStoreError, type StoreUser } from './store-user.js';

export interface EmbeddedStore {
  readonly url: string;
  /** Where its program came from. */
  readonly kind: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const ERROR_TAIL_CHARS = 2_000;

/** Ends the store when its starter is gone, also after a SIGKILL: a child that sees its standard input close. */
const WATCHDOG = `process.stdin.resume().on('end', () => { try { process.kill(Number(process.argv[1]), 'SIGTERM'); } catch {} process.exit(0); })`;

function watch(pid: number, signalName: string): ChildProcess {
  const script = WATCHDOG.replace('SIGTERM', signalName);
  const child = spawn(process.execPath, ['-e', script, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  return child;
}

/**
 * Starts a store in a process group of its own, so that Ctrl-C reaches the services first, and waits until it
 * answers. Throws EmbeddedStoreError with the end of what the program said.
 */
export async function startStoreProcess(options: {
  program: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  user: StoreUser;
  kind: string;
  url: string;
  stopSignal: 'SIGINT' | 'SIGTERM';
  answers: () => Promise<boolean>;
}): Promise<EmbeddedStore> {
  const { program, args, cwd, env, user, kind, url, stopSignal, answers } = options;
  const child = spawn(program, args, { cwd, env, ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-ERROR_TAIL_CHARS));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  }).then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers())) {
    if (ended || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new EmbeddedStoreError(`${program} did not start: ${said.trim()}`);
    }
    await sleep(20);
  }
  const pid = child.pid ?? 0;
  const watchdog = watch(pid, stopSignal);
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref?: () => void }).unref?.();
  return {
    url,
    kind,
    pid,
    async stop() {
      child.ref();
      child.kill(stopSignal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(late);
      watchdog.stdin?.end();
    },
  };
}
