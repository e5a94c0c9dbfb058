import { describe, expect, test } from '@jest/globals';
import type { CallFailure } from './explain-failure.js';
import { isWorthAskingOn, judgeCredentials, type MadeCall } from './judge-access.js';

const call = (code: string | null, answeredBy: CallFailure['answeredBy'] = 'tune'): MadeCall => ({
  check: 'offers_access',
  purpose: 'read offers',
  failure: code === null ? null : { code, message: 'words', answeredBy },
});
const codes = (...calls: MadeCall[]) => judgeCredentials(calls, 'demo').map(({ code }) => code);

describe('network and token', () => {
  test('are ok as soon as one call shows it, whatever became of the others', () => {
    expect(codes(call('not_tune', 'other'), call(null))).toEqual(['ok', 'ok']);
    expect(codes(call('tune_error'), call('permission_denied'))).toEqual(['ok', 'ok']);
  });

  test('are told apart: a refused token shows the network', () => {
    expect(codes(call('token_rejected'))).toEqual(['ok', 'token_rejected']);
    expect(codes(call('not_tune', 'other'), call('rate_limited'))).toEqual(['ok', 'rate_limited']);
    expect(codes(call('rate_limited', 'other'))).toEqual(['rate_limited', 'skipped']);
  });

  test('are not ok when no call shows it, and the network has the code of what came instead', () => {
    expect(codes(call('tune_error'), call('not_tune', 'other'))).toEqual(['not_tune', 'skipped']);
    for (const code of ['tune_error', 'tune_database_error', 'gateway_timeout', 'unexpected_answer']) {
      expect(codes(call(code))).toEqual([code, 'skipped']);
    }
  });
});

test('nothing more is asked when nobody answers, or when TUNE refused network or token', () => {
  const asking = (...made: [string | null, CallFailure['answeredBy']?][]) =>
    made.map((one) => isWorthAskingOn(call(...one), 'demo'));
  expect(asking([null], ['permission_denied'], ['tune_error'], ['not_tune', 'other'])).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(asking(['token_rejected'], ['network_not_found'], ['rate_limited'], ['unreachable', 'nobody'])).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
