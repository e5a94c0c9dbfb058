import { describe, expect, test } from '@jest/globals';
import { readExpiration } from './expiration.js';

const utc = (text: string | null, zone: string): string | null => readExpiration(text, zone)?.at.toISOString() ?? null;

describe('an expiration is read in the zone of the network', () => {
  test.each([
    ['2031-12-31 19:59:59', 'America/New_York', '2032-01-01T00:59:59.000Z'],
    ['2026-07-01 00:00:00', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['2026-07-01 00:00:00', 'UTC', '2026-07-01T00:00:00.000Z'],
    ['2026-07-01 00:00:00', 'Asia/Kolkata', '2026-06-30T18:30:00.000Z'],
    ['2026-07-01 00:00:00', 'Pacific/Kiritimati', '2026-06-30T10:00:00.000Z'],
    [' 2026-07-01 00:00:00\n', 'UTC', '2026-07-01T00:00:00.000Z'],
  ])('%s in %s', (text, zone, at) => {
    expect(utc(text, zone)).toBe(at);
  });

  test.each([
    ['the second before the gap', '2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z'],
    ['an hour that does not exist moves forward', '2026-03-08 02:30:00', '2026-03-08T07:30:00.000Z'],
    ['after the gap', '2026-03-08 03:00:00', '2026-03-08T07:00:00.000Z'],
    ['of an hour that comes twice the first', '2026-11-01 01:30:00', '2026-11-01T05:30:00.000Z'],
    ['after both', '2026-11-01 02:00:00', '2026-11-01T07:00:00.000Z'],
  ])('around the changes of the clock: %s', (_title, text, at) => {
    expect(utc(text, 'America/New_York')).toBe(at);
  });

  test('the raw text stays beside it', () => {
    expect(readExpiration(' 2026-07-01 00:00:00 ', 'UTC')).toEqual({
      text: '2026-07-01 00:00:00',
      at: new Date('2026-07-01T00:00:00Z'),
    });
  });
});

test.each([
  null,
  '',
  '  ',
  '0',
  '0000-00-00 00:00:00',
  '0000-00-00',
  '-0001-11-30 00:00:00',
  '-62169966000',
  '1600158239',
  '2026-02-30 00:00:00',
  '2026-07-01 24:00:00',
  '2026-07-01',
  '2026-07-01T00:00:00Z',
  '1969-12-31 19:00:00',
  '9999-12-31 23:59:59',
  'never',
])('%j is no expiration', (text) => {
  expect(readExpiration(text, 'America/New_York')).toBeNull();
});
