import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The field after the program's name, which may hold anything, in /proc/PID/stat. */
const START_TIME = 19;

/**
 * What tells a living process from every other that had or will have its number: number, boot and start time. Null
 * when no such process lives.
 */
export function processIdentity(pid: number): string | null {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return fields[0] === 'Z' ? null : `${pid} ${boot} ${fields[START_TIME] ?? ''}`;
    } catch {
      return null;
    }
  }
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.status === 0 && ps.stdout.trim() ? `${pid} ${ps.stdout.trim()}` : null;
}

/** The number of the process that an identity names, when that very process still lives. */
export function livingProcess(identity: string): number | null {
  const pid = Number(identity.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && processIdentity(pid) === identity ? pid : null;
}
