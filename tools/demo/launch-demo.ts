import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { clearStores, freePort } from '@trackly-tune/embedded-stores';
import {
  compileSources,
  launch,
  launchConfig,
  servicePrograms,
  simulatorProgram,
  type Launched,
} from '@trackly-tune/launcher';
import { parseEnvironment } from '@trackly-tune/service-runtime';

export interface DemoProcesses {
  readonly launched: Launched;
  readonly simulatorUrl: string;
  readonly apiKey: string;
  readonly logFile: string;
}

/**
 * Everything that the demo runs on: embedded stores that begin empty, the simulated networks and every service, each a
 * process of its own, on free ports. Of the environment only DATA_DIR counts. What the services log goes to a file.
 */
export async function launchDemo(root: string, dataDir: string, say: (line: string) => void): Promise<DemoProcesses> {
  const demoDir = path.join(path.resolve(root, dataDir), 'demo');
  await clearStores(demoDir);
  await compileSources(root);
  const port = await freePort();
  const simulatorUrl = `http://127.0.0.1:${port}`;
  const given = { DATA_DIR: demoDir, PORT: '0', TUNE_API_URL: `${simulatorUrl}/{network_id}/Apiv3/json` };
  const logFile = path.join(demoDir, 'services.log');
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const launched = await launch({
    root,
    config: parseEnvironment(launchConfig, given),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...given },
    say,
    onOutput: (line) => void log.write(`${line}\n`),
    programs: (env) => [simulatorProgram(root, port), ...servicePrograms({ root, env, healthPort: null })],
  });
  const apiKey = readFileSync(launched.apiKeyFile ?? '', 'utf8').trim();
  return { launched, simulatorUrl, apiKey, logFile };
}
