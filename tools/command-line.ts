import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a wrong command line ends with. */
const EXIT_CODE_USAGE = 2;

/** Says on stderr what is wrong with a command line, beside the usage, and ends with 2. */
export function refuse(problem: string, usage: string): never {
  console.error(`${problem}\n\n${usage}`);
  process.exit(EXIT_CODE_USAGE);
}

/** Reads the value of an option as a whole number within bounds; anything else is refused as `readCommandLine` does. */
export function wholeNumber(
  name: string,
  text: string,
  { min, max = Number.MAX_SAFE_INTEGER, usage }: { min: number; max?: number; usage: string },
): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  return refuse(`${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`, usage);
}

/**
 * Reads the arguments of a command. `--help` prints the usage and ends with 0; what the command does not know, and a
 * missing value, is said on stderr beside the usage and ends with 2, before anything has begun.
 */
export function readCommandLine<const Known extends Options>(command: {
  usage: string;
  options?: Known;
  allowPositionals?: boolean;
}) {
  const { usage, options, allowPositionals = false } = command;
  const all = { ...(options ?? ({} as Known)), help: { type: 'boolean', short: 'h', default: false } } as const;
  let read;
  try {
    read = parseArgs({ options: all, allowPositionals });
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error), usage);
  }
  if ((read.values as { help?: boolean }).help === true) {
    console.log(usage);
    process.exit(0);
  }
  return read;
}
