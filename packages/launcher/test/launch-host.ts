// What `npm start` runs, with a fixture in place of the services.
import { fileURLToPath } from 'node:url';
import { wholeNumber } from '@trackly-tune/service-runtime';
import { runLauncher } from '@trackly-tune/launcher';

const fixture = fileURLToPath(new URL('./fixture-service.mjs', import.meta.url));
const modes = process.argv.slice(2);
process.exit(
  await runLauncher({
    root: '/',
    serviceSettings: { FIXTURE_ROWS_MAX: wholeNumber(1, 10).default(5) },
    programs: (env) =>
      modes.map((mode) => ({ name: mode, command: process.execPath, args: [fixture, mode], cwd: '/', env })),
  }),
);
