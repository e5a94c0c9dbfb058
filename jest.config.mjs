import { availableParallelism } from 'node:os';

/**
 * Files that wait for something leave their core to another, so even two cores do better with three. The bound is
 * PostgreSQL's connections: a test of the whole system opens some sixty.
 */
const WORKERS = { min: 3, max: 4 };

/** ES modules through swc; packages resolve to their sources by the `development` condition. */
export default {
  testEnvironment: '<rootDir>/tests/jest/closing-environment.mjs',
  runtime: '<rootDir>/tests/jest/packages-once-runtime.cjs',
  testSequencer: '<rootDir>/tests/jest/long-first.mjs',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  roots: ['<rootDir>/packages', '<rootDir>/services', '<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  // Jest knows which tests a source concerns (`--changed`) only where names lead to files without conditions.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@trackly-tune/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/(packages|services)/[^/]+/dist/'],
  maxWorkers: Math.max(WORKERS.min, Math.min(availableParallelism(), WORKERS.max)),
  // Modules of files that have ended are not given back; another worker goes on.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 60_000,
  reporters: ['<rootDir>/tests/jest/progress-reporter.mjs', 'summary'],
};
