import { openTune } from '@trackly-tune/service-stores';
import { runService } from '@trackly-tune/service-runtime';
import { offerSyncConfig } from './config.js';
import { startOfferSync } from './service.js';

await runService({
  name: 'offer-sync',
  config: offerSyncConfig,
  start: async (context) => void (await startOfferSync(context, { openTune, pid: process.pid })),
});
