import type { Readable } from 'node:stream';

/** Calls `onLine` for every whole line of a stream, and for what is left when it ends. */
export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.once('close', () => {
    if (rest !== '') onLine(rest);
    rest = '';
  });
}
