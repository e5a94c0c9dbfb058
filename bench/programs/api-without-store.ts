// The API for one benchmark: postbacks are read, judged and answered as ever, and kept nowhere.
import { runService } from '@trackly-tune/service-runtime';
import { config } from '../../services/api/src/config.js';
import { start } from '../../services/api/src/service.js';

await runService({
  name: 'api-without-store',
  config,
  start: (context) => start(context, { storePostbacks: async (deliveries) => deliveries.map(() => true) }),
});
