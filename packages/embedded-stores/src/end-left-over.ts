import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingProcess } from './process-identity.js';

const STOP_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;
const POLL_MS = 25;

async function isGone(identity: string, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (livingProcess(identity) === null) return true;
  }
  return false;
}

/**
 * Ends the store of an earlier start that was killed and left it behind, politely first. `processFile` holds its
 * identity, so that a stranger who got its number is never touched. Returns its number when one was ended.
 */
export async function endLeftOver(processFile: string, stopSignal: NodeJS.Signals): Promise<number | null> {
  if (!existsSync(processFile)) return null;
  const identity = readFileSync(processFile, 'utf8');
  const pid = livingProcess(identity);
  if (pid !== null) {
    process.kill(pid, stopSignal);
    if (!(await isGone(identity, STOP_TIMEOUT_MS))) {
      process.kill(pid, 'SIGKILL');
      await isGone(identity, KILL_TIMEOUT_MS);
    }
  }
  rmSync(processFile, { force: true });
  return pid;
}
