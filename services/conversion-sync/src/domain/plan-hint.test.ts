import { expect, test } from '@jest/globals';
import { planHint } from './plan-hint.js';

test('the first pass asks for the changes of one look-back, each later one overlaps the last by two days', () => {
  expect(planHint({ today: '2026-11-25', hintedThrough: null })).toMatchObject({
    fromDay: '2026-11-18',
    toDay: '2026-11-26',
  });
  expect(planHint({ today: '2026-11-25', hintedThrough: '2026-11-24' }).fromDay).toBe('2026-11-22');
  expect(planHint({ today: '2026-11-25', hintedThrough: '2026-09-01' }).fromDay).toBe('2026-08-30');
});

test('days that every pull reads, and days out of reach, are not read again', () => {
  const { oldestDay, youngestDay } = planHint({ today: '2026-11-25', hintedThrough: '2020-01-01' });
  expect({ oldestDay, youngestDay }).toEqual({ oldestDay: '2024-10-24', youngestDay: '2026-11-19' });
});
