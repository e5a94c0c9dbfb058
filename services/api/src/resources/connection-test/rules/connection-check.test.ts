import { expect, test } from '@jest/globals';
import { CHECK_NAMES, failed, passed, skipped } from './connection-check.js';

test('a check that was made says its code and its sentence', () => {
  expect(passed('token', 'Accepted')).toEqual({ name: 'token', ok: true, code: 'ok', message: 'Accepted' });
  expect(passed('click_id', 'Empty', 'nothing_to_see').code).toBe('nothing_to_see');
  expect(failed('token', 'token_rejected', 'Set it again')).toMatchObject({ ok: false, code: 'token_rejected' });
});

test.each(CHECK_NAMES)('one whose prerequisite %s failed was not made, and says so', (prerequisite) => {
  const check = skipped('report_access', prerequisite);
  expect(check).toMatchObject({ name: 'report_access', ok: false, code: 'skipped' });
  expect(check.message).toContain(`"${prerequisite}"`);
});
