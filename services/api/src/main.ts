import { runService } from '@trackly-tune/service-runtime';
import { config } from './config.js';
import { start } from './service.js';

await runService({ name: 'api', config, start });
