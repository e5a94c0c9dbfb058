const HOUR_MS = 3_600_000;

function toMs(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}Z`);
}

function toText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Cuts a window of local times (`YYYY-MM-DD hh:mm:ss`, both ends inclusive) into equal pieces that leave nothing out
 * and hold nothing twice: for a report that TUNE cannot answer in time (quirk 27), or that is long. No piece is shorter
 * than half an hour. Null when the window is an hour or less: then the window is not what is wrong.
 */
export function splitWindow(from: string, to: string, piecesWanted = 2): [from: string, to: string][] | null {
  const start = toMs(from);
  const end = toMs(to) + 1000;
  if (end - start <= HOUR_MS) return null;
  const pieces = Math.max(2, Math.min(piecesWanted, Math.floor((end - start) / (HOUR_MS / 2))));
  const cut = (n: number) => start + Math.floor(((end - start) * n) / pieces / 1000) * 1000;
  return Array.from({ length: pieces }, (_, n) => [toText(cut(n)), toText(cut(n + 1) - 1000)]);
}
