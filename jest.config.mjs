import { availableParallelism } from 'node:os';

/**
 * Files that wait for something leave their core to another. The bound is PostgreSQL's connections: a test of the whole
 * system opens some sixty.
 */
const WORKERS_MAX = 4;

/** ES modules through swc; packages resolve to their sources by the `development` condition. */
export default {
  testEnvironment: '<rootDir>/scripts/closing-environment.mjs',
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
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: Math.max(2, Math.min(availableParallelism(), WORKERS_MAX)),
  testTimeout: 60_000,
  reporters: ['<rootDir>/scripts/progress-reporter.mjs', 'summary'],
};
