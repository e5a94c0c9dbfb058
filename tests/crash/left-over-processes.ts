import { readdirSync, readFileSync } from 'node:fs';

/** Processes that still carry a queue prefix in their environment. Linux only; empty elsewhere. */
export function processesOf(queuePrefix: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`QUEUE_PREFIX=${queuePrefix}`);
      } catch {
        // Gone in between, or somebody else's.
        return false;
      }
    })
    .map(Number);
}
