import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('./store-host.ts', import.meta.url));

export interface HostSays {
  postgres: { url: string; pid: number; kind: string };
  redis: { url: string; pid: number; kind: string };
  notes: string[];
  failed?: { code: string; message: string };
}

export interface Host extends HostSays {
  child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the stores in a process of their own, as the given user, and waits for what it says. */
export async function runHost(dataDir: string, user: { uid?: number; gid?: number } = {}): Promise<Host> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOST, dataDir], {
    ...user,
    env: { PATH: process.env.PATH, ...(user.uid === undefined ? { HOME: process.env.HOME } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, err] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) resolve(said);
    });
    child.once('close', () => reject(new Error(`the host ended: ${err}`)));
  });
  return {
    ...(JSON.parse(await line) as HostSays),
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
