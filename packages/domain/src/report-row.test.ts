import { expect, test } from '@jest/globals';
import { fieldOfReason } from './field-of-reason.js';
import { causeIn, UNREADABLE_REASONS } from './report-row.js';

test('a field is blamed with what stood in it; null where it was empty or not sent', () => {
  const row = { 'Stat.payout': 'much', 'Stat.status': null };
  expect(causeIn(row, 'payout_unreadable', 'Stat.payout')).toEqual({
    ...{ reason: 'payout_unreadable', field: 'Stat.payout', value: 'much' },
  });
  expect(causeIn(row, 'status_unknown', 'Stat.status').value).toBeNull();
  expect(causeIn(row, 'time_unreadable', 'Stat.datetime').value).toBeNull();
});

test('every reason is about one field of the report, but for a value that is too long, which may be any', () => {
  expect(UNREADABLE_REASONS.filter((reason) => fieldOfReason(reason) === null)).toEqual(['value_too_long']);
  for (const reason of UNREADABLE_REASONS) expect(fieldOfReason(reason) ?? 'Stat.x').toMatch(/^Stat\.\w+$/);
});
