/** A file planted to break one lint rule of eslint.config.mjs. */
export interface LintPlant {
  rule: string;
  file: string;
  text: string;
}

/** One file per rule that stands for a law of the house; rules that only come with a preset are not repeated here. */
export const lintPlants: readonly LintPlant[] = [
  {
    rule: 'no-restricted-globals',
    file: 'services/api/src/resources/offers/steps/reads-environment.ts',
    text: "export const port = process.env['PORT'];",
  },
  {
    rule: 'no-restricted-imports',
    file: 'packages/queues/src/leaves.ts',
    text: "import { exit } from 'node:process';\nexport const leave = exit;",
  },
  { rule: 'no-console', file: 'packages/database/src/says.ts', text: "console.log('hello');\nexport {};" },
  {
    rule: 'no-restricted-properties',
    file: 'packages/domain/src/asks-clock.ts',
    text: 'export const now = (): number => Date.now();',
  },
  {
    rule: 'no-restricted-syntax',
    file: 'services/attribution/src/domain/asks-clock.ts',
    text: 'export const now = (): Date => new Date();',
  },
  {
    rule: 'no-restricted-properties',
    file: 'services/attribution/src/domain/draws.ts',
    text: 'export const lot = (): number => Math.random();',
  },
  {
    rule: 'no-restricted-syntax',
    file: 'services/api/src/resources/offers/rules/asks-clock.ts',
    text: 'export const now = (): Date => new Date();',
  },
  {
    rule: 'no-restricted-properties',
    file: 'services/api/src/resources/offers/rules/draws.ts',
    text: 'export const lot = (): number => Math.random();',
  },
  {
    rule: 'no-restricted-globals',
    file: 'packages/domain/src/calls.ts',
    text: "export const call = (): Promise<Response> => fetch('https://example.com');",
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    file: 'packages/tune-client/src/forgets.ts',
    text: 'export function forget(work: () => Promise<void>): void {\n  work();\n}',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: 'packages/tune-client/src/anything.ts',
    text: 'export const read = (_value: any): number => 1;',
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: 'packages/database/src/half.ts',
    text: [
      "export function half(status: 'approved' | 'pending'): number {",
      '  switch (status) {',
      "    case 'approved':",
      '      return 1;',
      '  }',
      '  return 0;',
      '}',
    ].join('\n'),
  },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    file: 'packages/database/src/takes-type.ts',
    text: "import { Shape } from './shape.js';\nexport const shape = (value: Shape): Shape => value;",
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: 'packages/queues/src/excuses-itself.ts',
    // Comments that switch rules off have no effect.
    text: `/* ${['eslint', 'disable'].join('-')} */\nexport const read = (_value: any): number => 1;`,
  },
];

/** What the same rules must leave alone. */
export const lintAllowed: Readonly<Record<string, string>> = {
  'packages/database/src/shape.ts': 'export interface Shape {\n  side: number;\n}',
  'services/api/src/main.ts': "export const port = process.env['PORT'];",
  'packages/embedded-stores/src/environment.ts': 'export const environment = { ...process.env };',
  'tools/says.ts': "console.log('hello');\nprocess.exitCode = 1;",
  'packages/domain/src/days.ts': 'export const dayOf = (at: string): Date => new Date(at);',
  'packages/domain/src/days.test.ts': 'export const started = Date.now();',
};
