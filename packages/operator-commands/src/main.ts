// The commands of operators as a program, for containers: `main.js migrate`, `main.js rotate-keys`.
import { runMigrate } from './migrate.js';
import { runRotateKeys } from './rotate-keys.js';

const COMMANDS: Readonly<Record<string, typeof runMigrate>> = { migrate: runMigrate, 'rotate-keys': runRotateKeys };
const EXIT_CODE_USAGE = 64;

const [name = ''] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  process.stderr.write(`There is no command "${name}". The commands are: ${Object.keys(COMMANDS).join(', ')}\n`);
  process.exitCode = EXIT_CODE_USAGE;
} else {
  process.exitCode = await command(process.env, {
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
  });
}
