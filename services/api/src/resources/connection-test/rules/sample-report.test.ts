import { expect, test } from '@jest/globals';
import { idsToLookUp, SAMPLE_ROWS_MAX, sampleReport } from './sample-report.js';

const row = (second: number, rest: Record<string, string | null> = {}) => ({
  'Stat.affiliate_id': '1002',
  'Stat.datetime': `2026-11-20 10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`,
  'Stat.ad_id': `ad${second}`,
  ...rest,
});

test('a sample holds the newest conversions of the affiliate, without tests and those of others', () => {
  const rows = Array.from({ length: SAMPLE_ROWS_MAX + 10 }, (_, second) => row(second));
  const sample = sampleReport(
    [
      ...rows,
      row(3_000, { 'Stat.affiliate_id': '1003', 'Stat.ad_id': 'other' }),
      row(3_001, { 'Stat.status_code': '22', 'Stat.ad_id': 'test' }),
    ],
    '1002',
  );
  expect(sample).toHaveLength(SAMPLE_ROWS_MAX);
  expect(sample[0]?.ad_id).toBe(`ad${SAMPLE_ROWS_MAX + 9}`);
  expect(sample.map(({ ad_id }) => ad_id)).not.toContain('test');
});

test('empty values in all their spellings are no values', () => {
  const empty = { 'Stat.ad_id': '0', 'Stat.affiliate_info1': ' ', 'Stat.affiliate_info2': null, 'Stat.source': '' };
  expect(sampleReport([row(1, empty)], '1002')).toEqual([{ ad_id: null, ids: {} }]);
});

test('only what could be an id of the platform is looked up, each once', () => {
  const sample = sampleReport(
    [
      row(1, { 'Stat.affiliate_info1': 'aaaaaaaa', 'ConversionsMobile.affiliate_click_id': 'bbbbbbbb' }),
      row(1, { 'Stat.affiliate_info1': 'aaaaaaaa', 'Stat.source': 'not a message id' }),
      row(1, { 'Stat.affiliate_info3': 'x'.repeat(129) }),
    ],
    '1002',
  );
  expect(idsToLookUp(sample)).toEqual({
    messageIds: ['aaaaaaaa'],
    clickIds: ['aaaaaaaa', 'ad1', 'bbbbbbbb', 'not a message id'],
  });
});

test('text that PostgreSQL cannot hold is never looked up there as it is', () => {
  const sent = row(1, { 'Stat.ad_id': 'a\u0000d', 'Stat.affiliate_info1': 'x\uD800y' });
  const { clickIds } = idsToLookUp(sampleReport([sent], '1002'));
  expect(clickIds).toEqual(['a\uFFFDd', 'x\uFFFDy']);
});
