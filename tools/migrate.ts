// `npm run migrate`: brings the schema of DATABASE_URL up to date and says what was applied. Safe to run again and from
// several places at once.
import { runMigrate } from '@trackly-tune/operator-commands';
import { readCommandLine } from './command-line.js';

readCommandLine({
  usage: 'npm run migrate\n\nBrings the schema of DATABASE_URL up to date and says what was applied.',
});
process.exitCode = await runMigrate(process.env, {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
