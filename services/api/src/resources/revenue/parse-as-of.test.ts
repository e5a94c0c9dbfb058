import { describe, expect, test } from '@jest/globals';
import { parseAsOf } from './parse-as-of.js';

describe('as_of', () => {
  test('is a sequence number when it is digits', () => {
    expect(parseAsOf('0')).toEqual({ seq: 0n });
    expect(parseAsOf('9223372036854775807')).toEqual({ seq: 9_223_372_036_854_775_807n });
    expect(parseAsOf('9223372036854775808')).toBeNull();
  });

  test('is a moment with Z or an offset, also when its plus was not escaped', () => {
    const moment = new Date('2026-11-23T10:00:00.500Z');
    expect(parseAsOf('2026-11-23T10:00:00.500Z')).toEqual({ moment });
    expect(parseAsOf('2026-11-23T12:00:00.5001+02:00')).toEqual({ moment });
    expect(parseAsOf('2026-11-23T12:00:00.500 02:00')).toEqual({ moment });
  });

  test.each([
    '',
    'now',
    '1.5',
    '-1',
    '2026-11-23',
    '2026-11-23T10:00:00',
    '2026-13-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
  ])('is not %j', (text) => {
    expect(parseAsOf(text)).toBeNull();
  });
});
