import { describe, expect, test } from '@jest/globals';
import { judge } from '../bench/measure/judge.js';
import { median, percentile, readable } from '../bench/measure/statistics.js';
import { readArguments } from '../bench/read-arguments.js';

describe('figures of benchmarks', () => {
  test('a percentile is a value that was seen, by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect([percentile(values, 0.95), percentile(values, 0.99), percentile(values, 1)]).toEqual([190, 198, 200]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2, 7]);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  test('a figure reaches its goal, only its floor, or neither', () => {
    const more = { goal: 0.6, floor: 0.5, more: true };
    expect([0.6, 0.55, 0.49].map((value) => judge(value, more))).toEqual(['goal', 'floor', 'missed']);
    expect([200, 201].map((value) => judge(value, { goal: 200 }))).toEqual(['goal', 'missed']);
    expect(judge(NaN, { goal: 200 })).toBe('missed');
  });

  test('figures are shown with the digits that count', () => {
    expect([1234567, 99.96, 0.012345].map(readable)).toEqual(['1,234,567', '100', '0.0123']);
  });

  test('the command line chooses benchmarks and a size, and nothing unknown passes', () => {
    const known = ['a', 'b', 'e'];
    expect(readArguments(['a', 'e', '--size', 'quick'], known)).toEqual({
      letters: ['a', 'e'],
      size: 'quick',
      write: false,
    });
    expect(readArguments(['--smoke', '--write'], known)).toEqual({ letters: [], size: 'smoke', write: true });
    expect(readArguments([], known).size).toBe('full');
    for (const wrong of [['x'], ['--size'], ['--size', 'huge'], ['--fast']]) {
      expect(() => readArguments(wrong, known)).toThrow(RangeError);
    }
  });
});
