import { describe, expect, test } from '@jest/globals';
import type { IdField } from '@trackly-tune/domain';
import { judgeMessageIdField } from './judge-message-id-field.js';

type Ids = Partial<Record<IdField, string>>;

const judge = (rows: Ids[], rest: Partial<Parameters<typeof judgeMessageIdField>[1]> = {}) =>
  judgeMessageIdField('aff_sub', {
    sample: rows.map((ids) => ({ ad_id: null, ids })),
    refusedFields: [],
    messages: new Set(['known001', 'known002', 'known003']),
    hasMessages: true,
    ...rest,
  });

describe('message_id_field is', () => {
  test('right when it carries message ids of the account, though not in every conversion', () => {
    expect(judge([{ aff_sub: 'known001' }, {}, { aff_sub: 'other' }])).toMatchObject({ ok: true, code: 'ok' });
  });

  test('not judged without recent conversions', () => {
    expect(judge([])).toMatchObject({ ok: true, code: 'no_recent_conversions' });
  });

  test('empty when no conversion carries anything in it', () => {
    expect(judge([{}, { aff_sub2: 'unknown1' }])).toMatchObject({ ok: false, code: 'message_id_field_empty' });
  });

  test('wrong when it carries values that are no message of the account, also of another case', () => {
    expect(judge([{ aff_sub: 'KNOWN001' }])).toMatchObject({ ok: false, code: 'message_id_field_unknown_values' });
  });

  test('not judged by its values while no messages are known, unless they cannot be message ids', () => {
    const unknown = { hasMessages: false, messages: new Set<string>() };
    expect(judge([{ aff_sub: 'abcd1234' }], unknown)).toMatchObject({ ok: true, code: 'no_messages_known' });
    expect(judge([{ aff_sub: 'campaign-7' }], unknown)).toMatchObject({
      ok: false,
      code: 'message_id_field_unknown_values',
    });
  });

  test('the worse choice when another field carries the message ids, which is named', () => {
    const better = judge([{ aff_sub3: 'known001' }, { aff_sub3: 'known002', aff_sub: 'x' }, { aff_sub2: 'known003' }]);
    expect(better).toMatchObject({ ok: false, code: 'message_id_field_better' });
    expect(better.message).toContain('message_id_field to aff_sub3');
  });

  test('left to people where two fields carry message ids', () => {
    const both = { aff_sub: 'known001', aff_sub2: 'known001' };
    expect(judge([both, both, { aff_sub2: 'known002' }])).toMatchObject({ ok: true, code: 'ok' });
  });

  test('impossible when the network forbids its report field', () => {
    expect(judge([], { refusedFields: ['Stat.affiliate_info1'] })).toMatchObject({
      ok: false,
      code: 'message_id_field_forbidden',
    });
  });
});
