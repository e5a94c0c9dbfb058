// `npm start`: all services as separate processes, on embedded stores unless DATABASE_URL and REDIS_URL are set.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLauncher } from '@trackly-tune/launcher';
import { serviceSettings } from './start/service-settings.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.exit(await runLauncher({ root, serviceSettings }));
