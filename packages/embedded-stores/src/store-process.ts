import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreStartError } from './embedded-store-error.js';
import { endWithParent } from './end-with-parent.js';
import { processIdentity } from './process-identity.js';
import type { StoreUser } from './store-user.js';

export interface EmbeddedStore {
  readonly url: string;
  readonly port: number;
  /** Where its program came from. */
  readonly kind: string;
  readonly pid: number;
  /** Resolves when its process is gone, asked for or not, to what it said last. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface StoreProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly user: StoreUser;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Keeps the identity of the process, for a start after this one was killed. */
  readonly processFile: string;
  /** False while it does not answer yet. Throws when it never will. */
  readonly answers: () => Promise<boolean>;
}

/** Long enough to recover from a crash with much to read again. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const ERROR_TAIL_CHARS = 2_000;
const POLL_MS = 20;

/** What the program says, the end of it; and the moment it is gone. */
function follow(child: ChildProcess): { said: () => string; gone: Promise<string>; isGone: () => boolean } {
  let [said, isGone] = ['', false];
  const keep = (text: string): void => {
    said = (said + text).slice(-ERROR_TAIL_CHARS);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', keep);
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
  }
  const gone = new Promise<string>((resolve) => {
    const end = (): void => {
      isGone = true;
      resolve(said.trim());
    };
    child.once('exit', end);
    child.once('error', (error) => {
      keep(error.message);
      end();
    });
  });
  return { said: () => said, gone, isGone: () => isGone };
}

/**
 * Starts a store in a process group of its own, so that Ctrl-C reaches the services first, and waits until it
 * answers. It ends with this process, also when that is killed. Throws StoreStartError with the end of what it said.
 */
export async function startStoreProcess(options: StoreProgram): Promise<Pick<EmbeddedStore, 'pid' | 'ended' | 'stop'>> {
  const { program, args, cwd, env, user, stopSignal, processFile, answers } = options;
  const child = spawn(program, args, { cwd, env, ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { said, gone, isGone } = follow(child);
  const pid = child.pid ?? 0;
  const callOff = pid === 0 ? () => undefined : endWithParent(pid, stopSignal);
  if (pid !== 0) writeFileSync(processFile, processIdentity(pid) ?? '', { mode: 0o600 });
  const ended = gone.then((last) => {
    callOff();
    rmSync(processFile, { force: true });
    return last;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  try {
    while (!(await answers())) {
      if (isGone() || Date.now() > deadline) throw new StoreStartError(program, said());
      await sleep(POLL_MS);
    }
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
  child.unref();
  return {
    pid,
    ended,
    async stop() {
      child.ref();
      child.kill(stopSignal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
  };
}
