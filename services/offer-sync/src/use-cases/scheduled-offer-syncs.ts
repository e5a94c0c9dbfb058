import { createOfferRun, hasOpenRun } from '@trackly-tune/database';
import type { ScheduledWork } from '@trackly-tune/sync-engine';

/** The hourly or daily sync of offers, where an integration has it switched on. */
export const scheduledOfferSyncs: ScheduledWork = {
  kind: 'offers',
  name: 'offer sync',
  async start(tx, { integrationId }) {
    if (await hasOpenRun(tx, integrationId, 'offers')) return false;
    await createOfferRun(tx, { integrationId, trigger: 'schedule' });
    return true;
  },
};
