import { expect, test } from '@jest/globals';
// @ts-expect-error Plain JavaScript, since Jest loads it.
import { distanceOf, nearestTests } from './jest/nearest-first.mjs';

interface Test {
  readonly file: string;
  readonly seconds: number | null;
  readonly isLong: boolean;
}
const nearest = nearestTests as (tests: Test[], changed: string[], budget?: number) => Test[];
const CHANGED = ['packages/domain/src/money.ts'];

test('tests beside what was changed are nearest, then those of its package, then all others', () => {
  const distance = distanceOf as (file: string, changed: string[]) => number;
  expect(
    ['packages/domain/src/money.test.ts', 'packages/domain/test/a.test.ts', 'services/api/src/a.test.ts'].map((file) =>
      distance(file, CHANGED),
    ),
  ).toEqual([0, 1, 2]);
});

test('the nearest run, shortest first, as far as a minute goes; those beside the change always', () => {
  const tests = [
    { file: 'services/api/test/slow.test.ts', seconds: 40, isLong: false },
    { file: 'services/api/test/quick.test.ts', seconds: 2, isLong: false },
    { file: 'tests/pipeline/pipeline.test.ts', seconds: null, isLong: true },
    { file: 'packages/domain/src/other.test.ts', seconds: null, isLong: false },
    { file: 'packages/domain/src/money.test.ts', seconds: 60, isLong: false },
    { file: 'packages/domain/test/a.test.ts', seconds: 1, isLong: false },
  ];
  const files = (budget: number): string[] => nearest(tests, CHANGED, budget).map(({ file }) => file);
  expect(files(50)).toEqual(['packages/domain/src/other.test.ts', 'packages/domain/src/money.test.ts']);
  expect(files(70)).toEqual([
    'packages/domain/src/other.test.ts',
    'packages/domain/src/money.test.ts',
    'packages/domain/test/a.test.ts',
    'services/api/test/quick.test.ts',
  ]);
  expect(files(1_000)).toHaveLength(6);
});
