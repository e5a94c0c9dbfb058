// The order of test files: first those that start whole systems, which take longest, so that at the end of a run no
// worker is left alone with one of them. A fresh clone knows no times; within both groups Jest's own order holds.
// Plain JavaScript, since Jest loads its sequencers untransformed.
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

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
    const isLong = ({ path: file, context }) => {
      const below = path.relative(context.config.rootDir, file).split(path.sep).join('/');
      return LONG.some((pattern) => pattern.test(below));
    };
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
