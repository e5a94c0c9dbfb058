import { spawn, type ChildProcess } from 'node:child_process';
import { endWithParent } from '@trackly-tune/embedded-stores';
import { CONFIG_EXIT_CODE } from '@trackly-tune/service-runtime';
import { RESTART_TIMING, restartDelayMs, type RestartTiming } from './restart-delay.js';
import { splitLines } from './split-lines.js';

/** A program to keep running. */
export interface ServiceProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface SupervisedService {
  readonly name: string;
  /** The number of its process; null while it is down. */
  pid(): number | null;
  /** SIGTERM, and SIGKILL after `graceMs`. It is not started again. */
  stop(graceMs: number): Promise<void>;
  /** Stops it in the same way and starts it again at once; one that is down starts at once as well. */
  restart(graceMs: number): Promise<void>;
  /** SIGKILL at once. */
  kill(): void;
}

export interface SupervisionHooks {
  /** Told what happened to it, in one line. */
  readonly say: (line: string) => void;
  readonly onOutput: (line: string, from: 'stdout' | 'stderr') => void;
  /** It ended with exit code 78: its configuration cannot be used, so that another start changes nothing. */
  readonly onRefused: (name: string) => void;
  readonly timing?: RestartTiming;
}

const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit code ${code ?? 'unknown'}` : signal;

/**
 * Starts a service and starts it again whenever it dies. It runs in a process group of its own, so that a Ctrl-C of
 * the terminal does not reach it past its supervisor, and ends when its supervisor is gone, also after a SIGKILL.
 */
export function superviseService(program: ServiceProgram, hooks: SupervisionHooks): SupervisedService {
  const { name } = program;
  const { say, onOutput, onRefused, timing = RESTART_TIMING } = hooks;
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let delayMs = 0;
  let pause: NodeJS.Timeout | undefined;
  let stopping = false;
  let restarting = false;

  function start(): void {
    restarting = false;
    const startedAt = performance.now();
    const { command, args, cwd, env } = program;
    const started = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    splitLines(started.stdout, (line) => onOutput(line, 'stdout'));
    splitLines(started.stderr, (line) => onOutput(line, 'stderr'));
    const callOff = started.pid === undefined ? () => undefined : endWithParent(started.pid, 'SIGTERM');
    if (started.pid !== undefined) say(`service=${name} pid=${started.pid}`);
    ended = new Promise((resolve) => {
      const end = (how: string, code: number | null): void => {
        if (child !== started) return;
        child = null;
        callOff();
        resolve();
        afterEnd(how, code, performance.now() - startedAt, started.pid);
      };
      started.once('exit', (code, signal) => end(describeEnd(code, signal), code));
      started.once('error', (error) => end(error.message, null));
    });
  }

  function afterEnd(how: string, code: number | null, aliveMs: number, pid: number | undefined): void {
    const who = `service ${name}${pid === undefined ? '' : ` (pid ${pid})`}`;
    if (stopping || restarting) return say(`${who} stopped: ${how}`);
    if (code === CONFIG_EXIT_CODE) {
      say(`${who} cannot use its configuration: ${how}`);
      return onRefused(name);
    }
    delayMs = restartDelayMs(delayMs, aliveMs, timing);
    say(`${who} died: ${how}; it is started again in ${delayMs / 1000} s`);
    pause = setTimeout(start, delayMs);
  }

  async function end(graceMs: number): Promise<void> {
    clearTimeout(pause);
    const running = child;
    if (running === null) return;
    running.kill('SIGTERM');
    const late = setTimeout(() => running.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(late);
  }

  start();
  return {
    name,
    pid: () => child?.pid ?? null,
    async stop(graceMs) {
      stopping = true;
      await end(graceMs);
    },
    async restart(graceMs) {
      restarting = true;
      await end(graceMs);
      if (!stopping && child === null) start();
    },
    kill() {
      stopping = true;
      clearTimeout(pause);
      child?.kill('SIGKILL');
    },
  };
}
