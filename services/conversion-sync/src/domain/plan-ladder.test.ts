import { describe, expect, test } from '@jest/globals';
import { addDays, daysBetween } from '@trackly-tune/domain';
import fc from 'fast-check';
import { planLadder } from './plan-ladder.js';

const young = { oldestDay: '2026-09-01', random: () => 0.5 };

describe('the ladder', () => {
  test('reads the days aged 14, 30, 45, 60 and 90 again', () => {
    expect(planLadder({ ...young, today: '2026-11-25', through: '2026-11-24' })).toEqual([
      '2026-11-11',
      '2026-10-26',
      '2026-10-11',
      '2026-09-26',
      '2026-08-27',
    ]);
  });

  test('a second pass on the same day reads nothing again', () => {
    expect(planLadder({ ...young, today: '2026-11-25', through: '2026-11-25' })).toEqual([]);
  });

  test('adds a random older day within the reach of reports in the first pass of a month', () => {
    const pass = (random: number, oldestDay = '2020-01-01', through: string | null = '2026-11-30') =>
      planLadder({ today: '2026-12-01', through, oldestDay, random: () => random }).at(-1);
    expect(pass(0)).toBe(addDays('2026-12-01', -91));
    expect(pass(0.999999)).toBe(addDays('2026-12-01', -762));
    expect(pass(0.999999, addDays('2026-12-01', -100))).toBe(addDays('2026-12-01', -100));
    expect(pass(0.5, addDays('2026-12-01', -40))).toBe(addDays('2026-12-01', -90));
    expect(pass(0, '2020-01-01', null)).toBe(addDays('2026-12-01', -91));
  });

  test('every day is read at every rung once, however the passes come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 29 }), { minLength: 1, maxLength: 20 }), (gaps) => {
        let through = '2026-01-01';
        const read: string[] = [];
        for (const gap of gaps) {
          const today = addDays(through, gap);
          const days = planLadder({ today, through, oldestDay: today, random: Math.random });
          read.push(...days.filter((day) => daysBetween(day, today) >= 90));
          through = today;
        }
        const passed = daysBetween('2026-01-01', through);
        const last = Array.from({ length: passed }, (_, n) => addDays('2026-01-02', n - 90));
        expect(read.sort()).toEqual(last);
      }),
    );
  });
});
