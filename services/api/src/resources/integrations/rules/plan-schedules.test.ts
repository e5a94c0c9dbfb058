import { expect, test } from '@jest/globals';
import { planSchedules } from './plan-schedules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test.each([true, false])('conversions are pulled every hour and late changes looked for every day: %s', (enabled) => {
  const planned = planSchedules({
    conversion_sync_enabled: enabled,
    auto_sync_offers: !enabled,
    offer_sync_frequency: 'daily',
  });
  expect(planned.conversions).toEqual({ enabled, everyMs: HOUR_MS });
  expect(planned.changes).toEqual({ enabled, everyMs: DAY_MS });
  expect(planned.offers.enabled).toBe(!enabled);
});

test.each([
  ['hourly', HOUR_MS],
  ['daily', DAY_MS],
] as const)('offers are synced %s where that is chosen', (frequency, everyMs) => {
  const planned = planSchedules({
    conversion_sync_enabled: true,
    auto_sync_offers: true,
    offer_sync_frequency: frequency,
  });
  expect(planned.offers).toEqual({ enabled: true, everyMs });
});
