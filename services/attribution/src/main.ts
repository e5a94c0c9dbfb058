import { runService } from '@trackly-tune/service-runtime';
import { attributionConfig } from './config.js';
import { startAttribution } from './service.js';

await runService({
  name: 'attribution',
  config: attributionConfig,
  start: async (context) => void (await startAttribution(context)),
});
