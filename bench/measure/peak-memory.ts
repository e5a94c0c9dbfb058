import { readFileSync, writeFileSync } from 'node:fs';

const MEBIBYTE_KIB = 1024;

/** The most memory that a process ever held, in MiB; null where /proc does not say. */
export function peakMemoryMib(pid: number): number | null {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? null : Number(kib) / MEBIBYTE_KIB;
  } catch {
    return null;
  }
}

/** Forgets the peak of a process, so that the next one read is that of what comes now. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not this system: the peak is that of the whole life then.
  }
}
