// `npm run dev`: the services on embedded stores beside a simulated TUNE, restarted when a file changes.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@trackly-tune/embedded-stores';
import { compileSources, runLauncher, servicePrograms, simulatorProgram, SERVICES } from '@trackly-tune/launcher';
import { readCommandLine, wholeNumber } from './command-line.js';
import { DEMO_NETWORKS } from './demo/demo-networks.js';
import { readableLogs } from './dev/readable-logs.js';
import { restartChanged } from './dev/restart-changed.js';
import { inspected } from './dev/inspected.js';
import { serviceSettings } from './start/service-settings.js';

const USAGE = `npm run dev [-- --inspect SERVICE] [--inspect-port N]

Runs all services on embedded stores beside two simulated networks, with logs for people, and restarts what depends on
a file that changes. Data stay in DATA_DIR/dev; delete that folder to start afresh. Other settings are those of npm start,
but for DATABASE_URL, REDIS_URL, HEALTH_PORT and TUNE_API_URL.

  --inspect SERVICE   opens this service to a debugger: ${SERVICES.join(', ')}
  --inspect-port N    where the debugger finds it; default 9229`;

const { values } = readCommandLine({
  usage: USAGE,
  options: { inspect: { type: 'string' }, 'inspect-port': { type: 'string', default: '9229' } },
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inspect = inspected(values.inspect, USAGE);
const inspectPort = wholeNumber('--inspect-port', values['inspect-port'], { min: 1, max: 65_535, usage: USAGE });
const dataDir = path.join(path.resolve(root, process.env.DATA_DIR?.trim() || '.trackly-tune'), 'dev');
const simulatorPort = await freePort();
const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
const env: NodeJS.ProcessEnv = {
  ...process.env,
  DATA_DIR: dataDir,
  TUNE_API_URL: `${simulatorUrl}/{network_id}/Apiv3/json`,
};
delete env.DATABASE_URL;
delete env.REDIS_URL;
delete env.HEALTH_PORT;
const say = (line: string): void => console.log(line);

await compileSources(root);
process.exit(
  await runLauncher({
    root,
    serviceSettings,
    env,
    onOutput: readableLogs(process.stdout, process.stdout.isTTY),
    programs: (given) => [
      simulatorProgram(
        root,
        simulatorPort,
        DEMO_NETWORKS.map(({ spec }) => spec),
      ),
      ...servicePrograms({ root, env: given, healthPort: null }).map((program) =>
        program.name === inspect
          ? { ...program, args: [`--inspect=127.0.0.1:${inspectPort}`, ...program.args] }
          : program,
      ),
    ],
    async onLaunched({ services, databaseUrl }) {
      const { port, pathname } = new URL(databaseUrl);
      const watch = await restartChanged({ root, services, say });
      say(`simulator  ${simulatorUrl}/_control/networks`);
      for (const { spec } of DEMO_NETWORKS) say(`network    ${spec.id}, token ${spec.token}`);
      say(
        `database   PGPASSWORD=$(cat '${path.join(dataDir, 'secrets/postgres-password')}') psql -h 127.0.0.1 -p ${port} -U postgres ${pathname.slice(1)}`,
      );
      if (inspect !== null) say(`debugger   ${inspect} at 127.0.0.1:${inspectPort}`);
      say('Watching packages/ and services/ for changes.');
      return () => watch.close();
    },
  }),
);
