import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

interface ProcessTimes {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly endedMs: number;
}

function timesOf(pid: number | string): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
      (index) => fields[index] ?? 0,
    );
    return { parent, ownMs: (user + system) * TICK_MS, endedMs: (endedUser + endedSystem) * TICK_MS };
  } catch {
    return null;
  }
}

/** The time that a process has spent on a core, in milliseconds: unlike a clock's, it hardly grows with the load. */
export const cpuTimeMs = (pid: number): number => timesOf(pid)?.ownMs ?? 0;

/** The same for PostgreSQL: its first process with all children, those that have ended included. */
export async function databaseCpuTimeMs(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const first = timesOf(rows[0]?.pid ?? 0)?.parent;
  if (first === undefined) return 0;
  const times = timesOf(first);
  let sumMs = (times?.ownMs ?? 0) + (times?.endedMs ?? 0);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const child = timesOf(name);
    if (child?.parent === first) sumMs += child.ownMs;
  }
  return sumMs;
}
