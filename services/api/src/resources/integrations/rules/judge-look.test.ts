import { expect, test } from '@jest/globals';
import type { CallFailure } from '../../connection-test/rules/explain-failure.js';
import { judgeLook } from './judge-look.js';

const SUBJECT = { networkId: 'demo', affiliateId: '1002' };
const failure = (code: string, answeredBy: CallFailure['answeredBy'] = 'tune') =>
  judgeLook({ ok: false, failure: { code, message: 'TUNE says: words', answeredBy } }, SUBJECT);

test('an affiliate that is found needs no warning, one that is not is one', () => {
  expect(judgeLook({ ok: true, value: { company: 'Acme', status: 'active' } }, SUBJECT)).toEqual([]);
  expect(judgeLook({ ok: true, value: null }, SUBJECT)).toMatchObject([{ code: 'affiliate_not_found' }]);
});

test.each(['token_rejected', 'ip_not_allowed', 'network_not_found'])('%s is told as it is', (code) => {
  const [warning, ...more] = failure(code);
  expect(more).toEqual([]);
  expect(warning?.code).toBe(code);
  expect(warning?.message).not.toMatch(/not checked/);
});

test.each([
  ['unreachable', 'nobody', /^Token and affiliate were not checked\. /],
  ['budget_unavailable', 'nobody', /^Token and affiliate were not checked\. /],
  ['rate_limited', 'tune', /^Token and affiliate were not checked\. /],
  ['not_tune', 'other', /^Token and affiliate were not checked\. /],
  ['tune_error', 'tune', /^Token and affiliate were not checked\. .*words/],
  ['permission_denied', 'tune', /^The affiliate was not checked\. .*words/],
] as const)('%s says that something was not checked, and why', (code, answeredBy, words) => {
  const [warning] = failure(code, answeredBy);
  expect(warning?.code).toBe(code);
  expect(warning?.message).toMatch(words);
});
