const HOUR_MS = 3_600_000;

function toMs(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}Z`);
}

function toText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Halves a window of local times (`YYYY-MM-DD hh:mm:ss`, both ends inclusive) for a report that TUNE cannot answer in
 * time (quirk 27). Null when it is an hour or less: then the window is not what is wrong.
 */
export function splitWindow(from: string, to: string): { first: [string, string]; second: [string, string] } | null {
  const [start, end] = [toMs(from), toMs(to)];
  if (end - start <= HOUR_MS) return null;
  const middle = start + Math.floor((end - start) / 2 / 1000) * 1000;
  return { first: [from, toText(middle)], second: [toText(middle + 1000), to] };
}
