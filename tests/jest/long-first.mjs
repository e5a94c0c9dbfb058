// The order of test files: first those that start whole systems, which take longest, so that at the end of a run no
// worker is left alone with one of them. A fresh clone knows no times; within both groups Jest's own order holds.
// Plain JavaScript, since Jest loads its sequencers untransformed.
import path from 'node:path';
import process from 'node:process';
import Sequencer from '@jest/test-sequencer';
import { nearestTests } from './nearest-first.mjs';

const LONG = [
  /^tests\/bench-smoke/,
  /^tests\/(?!docs|import-rules)[^/]+\//,
  /\/run-[^/]+\.test\.ts$/,
  /^packages\/embedded-stores\//,
  /backfill/,
];

/** @public Jest loads it by its path. */
export default class LongFirst extends Sequencer {
  sort(tests) {
    const fileOf = ({ path: file, context }) => path.relative(context.config.rootDir, file).split(path.sep).join('/');
    const isLong = (test) => LONG.some((pattern) => pattern.test(fileOf(test)));
    const sorted = this.#near(super.sort(tests), fileOf, isLong);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }

  /** With TEST_CHANGED_FILES, set by `--changed`, the nearest to them only; all of them otherwise. */
  #near(tests, fileOf, isLong) {
    const changed = process.env.TEST_CHANGED_FILES?.split('\n') ?? null;
    if (changed === null) return tests;
    const known = tests.map((test) => ({
      test,
      file: fileOf(test),
      seconds: test.duration === undefined ? null : test.duration / 1000,
      isLong: isLong(test),
    }));
    const near = nearestTests(known, changed);
    if (near.length < tests.length) {
      process.stdout.write(
        `${near.length} of ${tests.length} test files that the change concerns, the nearest to it; npm test runs the others\n`,
      );
    }
    return near.map(({ test }) => test);
  }
}
