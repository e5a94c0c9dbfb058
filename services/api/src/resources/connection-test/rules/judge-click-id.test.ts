import { describe, expect, test } from '@jest/globals';
import type { IdField } from '@trackly-tune/domain';
import { judgeClickId } from './judge-click-id.js';

const judge = (
  field: IdField | null,
  rows: { ad_id?: string; ids?: Partial<Record<IdField, string>> }[],
  rest: Partial<Parameters<typeof judgeClickId>[1]> = {},
) =>
  judgeClickId(field, {
    sample: rows.map(({ ad_id = null, ids = {} }) => ({ ad_id, ids })),
    refusedFields: [],
    clicks: new Set(['click1']),
    hasClicks: true,
    messagesFound: false,
    ...rest,
  });

describe('clicks are', () => {
  test('found by the transaction id or by the click id field', () => {
    expect(judge(null, [{ ad_id: 'click1' }])).toMatchObject({ ok: true, code: 'ok' });
    const byField = judge('affiliate_click_id', [{ ad_id: '102f', ids: { affiliate_click_id: 'click1' } }]);
    expect(byField).toMatchObject({ ok: true, code: 'ok' });
  });

  test('not judged without conversions or without clicks', () => {
    expect(judge(null, [])).toMatchObject({ ok: true, code: 'no_recent_conversions' });
    expect(judge(null, [{ ad_id: 'x' }], { hasClicks: false })).toMatchObject({ ok: true, code: 'no_clicks_known' });
  });

  test('missed where nothing names them: a failure only if the message is not found either', () => {
    const rows = [{ ad_id: '102f' }];
    expect(judge('affiliate_click_id', rows)).toMatchObject({ ok: false, code: 'click_id_unknown_values' });
    expect(judge('affiliate_click_id', rows, { messagesFound: true })).toMatchObject({
      ok: true,
      code: 'click_id_unknown_values',
    });
  });

  test('in another field, which is named', () => {
    const found = judge('affiliate_click_id', [{ ids: { aff_sub2: 'click1' } }]);
    expect(found).toMatchObject({ ok: false, code: 'click_id_field_better' });
    expect(found.message).toContain('aff_sub2');
  });

  test('out of reach when the network forbids the report field', () => {
    const refusedFields = ['ConversionsMobile.affiliate_click_id'];
    expect(judge('affiliate_click_id', [], { refusedFields })).toMatchObject({
      ok: false,
      code: 'click_id_field_forbidden',
    });
    expect(judge(null, [], { refusedFields })).toMatchObject({ ok: true });
  });
});
