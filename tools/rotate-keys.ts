// `npm run rotate-keys`: re-encrypts what is encrypted in DATABASE_URL with the first of ENCRYPTION_KEYS.
// docs/how-to/rotate-keys.md says in which order.
import { runRotateKeys } from '@trackly-tune/operator-commands';
import { readCommandLine } from './command-line.js';

readCommandLine({
  usage: `npm run rotate-keys

Re-encrypts what is encrypted in DATABASE_URL with the first of ENCRYPTION_KEYS; docs/how-to/rotate-keys.md says in which
order old and new keys are set.`,
});
process.exitCode = await runRotateKeys(process.env, {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
