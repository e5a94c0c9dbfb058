// `npm start`: all services as separate processes, on embedded stores unless DATABASE_URL and REDIS_URL are set.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchConfig, runLauncher } from '@trackly-tune/launcher';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.exit(await runLauncher({ root, config: launchConfig }));
