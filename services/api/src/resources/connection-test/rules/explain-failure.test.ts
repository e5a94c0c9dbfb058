import { describe, expect, test } from '@jest/globals';
import { addressToAllow, explainFailure, type CallFailure } from './explain-failure.js';

const explain = (code: string, message = '', answeredBy: CallFailure['answeredBy'] = 'tune') =>
  explainFailure({ code, message, answeredBy }, { networkId: 'demo', call: 'read offers' });

describe('a failed call', () => {
  test.each([
    ['unreachable', 'nobody', 'unreachable'],
    ['timeout', 'nobody', 'unreachable'],
    ['network_not_found', 'nobody', 'unreachable'],
    ['timeout', 'other', 'response_truncated'],
    ['response_truncated', 'other', 'response_truncated'],
    ['not_tune', 'other', 'not_tune'],
    ['service_unavailable', 'other', 'service_unavailable'],
    ['rate_limited', 'other', 'rate_limited'],
    ['network_not_found', 'tune', 'network_not_found'],
    ['budget_unavailable', 'nobody', 'budget_unavailable'],
    ['aborted', 'nobody', 'budget_unavailable'],
    ['time_limit_exceeded', 'nobody', 'budget_unavailable'],
  ] as const)('of code %s, answered by %s, is %s of the network and shows nothing', (code, answeredBy, told) => {
    expect(explain(code, '', answeredBy)).toMatchObject({ place: 'network', shown: 'nothing', code: told });
  });

  test.each(['token_rejected', 'ip_not_allowed', 'rate_limited'])(
    'of code %s, by TUNE, is about the token and shows that the network is known',
    (code) => {
      expect(explain(code)).toMatchObject({ place: 'token', shown: 'network', code });
    },
  );

  test.each(['permission_denied', 'required_field_forbidden'])(
    'of code %s is about the call and shows that the token is taken',
    (code) => {
      expect(explain(code, 'TUNE says: no')).toMatchObject({ place: 'call', shown: 'token', code });
    },
  );

  test.each(['tune_error', 'tune_database_error', 'gateway_timeout', 'unexpected_answer', 'anything_else'])(
    'of code %s is about the call, in the words of TUNE, and shows nothing',
    (code) => {
      const explained = explain(code, 'TUNE says: no');
      expect(explained).toMatchObject({ place: 'call', shown: 'nothing', code });
      expect(explained.message).toContain('TUNE says: no');
    },
  );

  test('that speaks of the affiliate API shows a token of the wrong kind', () => {
    expect(explain('permission_denied', 'TUNE says: Affiliate API feature is disabled')).toMatchObject({
      place: 'token',
      shown: 'network',
      code: 'wrong_credential_kind',
    });
  });

  test('for the address names the address to allow, where TUNE does', () => {
    const said = 'TUNE says: IP 178.161.91.191 is not white-listed. Please enable it in the application';
    expect(explain('ip_not_allowed', said).message).toContain('178.161.91.191');
    expect(explain('ip_not_allowed', 'TUNE says: IP 2001:db8::1 is not whitelisted').message).toContain('2001:db8::1');
    expect(addressToAllow('not white-listed')).toBeNull();
  });

  test('is told in a bounded sentence', () => {
    expect(explain('tune_error', 'x'.repeat(10_000)).message.length).toBeLessThan(500);
  });
});
