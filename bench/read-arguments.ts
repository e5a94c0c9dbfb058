import { SIZES, type Size } from './benchmark.js';

export interface BenchArguments {
  /** Letters of the benchmarks to run; empty: all of them. */
  readonly letters: readonly string[];
  readonly size: Size;
  /** Write docs/benchmarks.md. */
  readonly write: boolean;
}

export const USAGE = `npm run bench [-- [letters] [--size smoke|quick|full] [--smoke] [--write]]
  letters   which benchmarks, e.g. "a e"; default all
  --size    how much of everything; default full
  --smoke   the same as --size smoke
  --write   write the table to docs/benchmarks.md`;

const isSize = (text: string): text is Size => (SIZES as readonly string[]).includes(text);

/** True when only the usage is wanted. */
export const wantsHelp = (given: readonly string[]): boolean => given.includes('--help') || given.includes('-h');

/** Reads the command line. Throws RangeError for what it does not know. */
export function readArguments(given: readonly string[], known: readonly string[]): BenchArguments {
  const letters: string[] = [];
  let size: Size = 'full';
  let write = false;
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? '';
    if (word === '--smoke') size = 'smoke';
    else if (word === '--write') write = true;
    else if (word === '--size') {
      const name = given[++at] ?? '';
      if (!isSize(name)) throw new RangeError(`--size is one of ${SIZES.join(', ')}`);
      size = name;
    } else if (known.includes(word)) letters.push(word);
    else throw new RangeError(`${word} is no benchmark; there are ${known.join(' ')}`);
  }
  return { letters, size, write };
}
