import { readFileSync } from 'node:fs';

/** /proc counts in hundredths of a second on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has used so far; NaN where /proc does not say. */
export function cpuSeconds(pid: number): number {
  try {
    // Behind the name, which is in brackets and may hold blanks: state is field 3, utime 14, stime 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}
