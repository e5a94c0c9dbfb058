import { describe, expect, test } from '@jest/globals';
import { addressToAllow, explainFailure } from './explain-failure.js';

const explain = (code: string, message = '') =>
  explainFailure({ code, message }, { networkId: 'demo', call: 'read offers' });

describe('a failed call', () => {
  test.each(['timeout', 'gateway_timeout', 'aborted', 'time_limit_exceeded', 'unreachable'])(
    'of code %s is a network that cannot be reached',
    (code) => {
      expect(explain(code)).toMatchObject({ place: 'network', code: 'unreachable' });
    },
  );

  test.each(['network_not_found', 'not_tune', 'budget_unavailable'])('of code %s says so of the network', (code) => {
    expect(explain(code)).toMatchObject({ place: 'network', code });
  });

  test.each(['token_rejected', 'ip_not_allowed', 'rate_limited'])('of code %s says so of the token', (code) => {
    expect(explain(code)).toMatchObject({ place: 'token', code });
  });

  test.each(['permission_denied', 'required_field_forbidden', 'tune_error', 'unexpected_answer', 'anything_else'])(
    'of code %s says so of the call alone, in the words of TUNE',
    (code) => {
      const explained = explain(code, 'TUNE says: no');
      expect(explained).toMatchObject({ place: 'call', code });
      expect(explained.message).toContain('TUNE says: no');
    },
  );

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
