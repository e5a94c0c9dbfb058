// `npm start`: all services as separate processes, on embedded stores unless DATABASE_URL and REDIS_URL are set.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSources, runLauncher } from '@trackly-tune/launcher';
import { readCommandLine } from './command-line.js';
import { serviceSettings } from './start/service-settings.js';

readCommandLine({
  usage: `npm start

Starts all services on this machine, on embedded PostgreSQL and Redis in DATA_DIR (default .trackly-tune), or on
DATABASE_URL and REDIS_URL where they are set. It takes no arguments: settings are environment variables, PORT (default
3000), HOST, POSTBACK_PORT, HEALTH_PORT, PUBLIC_URL and others; docs/reference/configuration.md names all of them.
Ctrl-C stops everything; data and generated secrets stay in DATA_DIR.`,
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await compileSources(root);
process.exit(await runLauncher({ root, serviceSettings }));
