import { openTune } from '@trackly-tune/service-stores';
import { runService } from '@trackly-tune/service-runtime';
import { conversionSyncConfig } from './config.js';
import { startConversionSync } from './service.js';

await runService({
  name: 'conversion-sync',
  config: conversionSyncConfig,
  start: async (context) => void (await startConversionSync(context, { openTune, pid: process.pid })),
});
