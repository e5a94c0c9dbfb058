import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a wrong command line ends with. */
const EXIT_CODE_USAGE = 2;

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
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(EXIT_CODE_USAGE);
  }
  if ((read.values as { help?: boolean }).help === true) {
    console.log(usage);
    process.exit(0);
  }
  return read;
}
