import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Prettier owns the layout; the rules here are about meaning only.

const sources = ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'];
const pure = [
  'packages/domain/src/**/*.ts',
  'services/*/src/domain/**/*.ts',
  'services/*/src/resources/*/rules/**/*.ts',
];
const tests = ['**/*.test.ts', '**/test/**/*.ts', 'tests/**/*.ts', 'packages/testing/**/*.ts'];

/** Whose work it is to deal with the process: entry points and what starts, stops or hosts processes. */
const touchesTheProcess = [
  '**/src/main.ts',
  'packages/{embedded-stores,launcher,service-runtime,testing}/**/*.ts',
  '**/*.test.ts',
];

const handOver = 'Take it as a parameter: only src/main.ts and the packages that host processes touch the process.';
const passIn = 'Pure code takes the clock, randomness and I/O as parameters.';
const globals = (names, message) => names.map((name) => ({ name, message }));

export default defineConfig(
  { ignores: ['**/node_modules/', '**/dist/', '**/coverage/', '**/generated/', '.trackly-tune/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    name: 'trackly-tune/plain JavaScript',
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    name: 'trackly-tune/CommonJS',
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' } },
  },
  {
    name: 'trackly-tune/TypeScript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    // One program for everything: quicker than a project service for a run over all files.
    languageOptions: { parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `async` without `await` is wanted: it turns a throw into a rejection, as an interface of promises asks.
      '@typescript-eslint/require-await': 'off',
      // A number in a text reads the same everywhere; objects and unions with undefined do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return send(…)` and `() => void work()` say what they mean.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Our objects of functions do not use `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // It takes what changes during an `await` (a signal, a flag set by a callback) for unchanging.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      eqeqeq: ['error', 'always'],
    },
  },
  {
    name: 'trackly-tune/no console in what ships',
    files: sources,
    rules: { 'no-console': 'error' },
  },
  {
    name: 'trackly-tune/the process belongs to entry points',
    files: sources,
    ignores: touchesTheProcess,
    rules: {
      'no-restricted-globals': ['error', ...globals(['process'], handOver)],
      'no-restricted-imports': [
        'error',
        { paths: ['process', 'node:process'].map((name) => ({ name, message: handOver })) },
      ],
    },
  },
  {
    name: 'trackly-tune/pure code has no clock, randomness or I/O',
    files: pure,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...globals(['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'crypto', 'performance'], passIn),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: passIn },
        { object: 'Math', property: 'random', message: passIn },
        { object: 'Temporal', property: 'Now', message: passIn },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: passIn },
      ],
    },
  },
  {
    name: 'trackly-tune/tests',
    files: tests,
    rules: {
      // What a test reads from JSON is checked by the expectation that follows.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
