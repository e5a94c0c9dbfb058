import { existsSync } from 'node:fs';
import path from 'node:path';

/** One thing that `npm run check` looks at: a program of this Node.js with its arguments. */
export interface Check {
  name: string;
  about: string;
  args: readonly string[];
}

/** All checks of the project, the slow ones first. `generated` is there once its tool is. */
export function listChecks(root: string): Check[] {
  const program = (file: string): string => path.join(root, 'node_modules', file);
  const generate = path.join(root, 'tools/generate.ts');
  const checks: Check[] = [
    {
      name: 'lint',
      about: 'ESLint with types',
      args: [program('eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
    },
    {
      name: 'types',
      about: 'TypeScript, strict',
      args: [program('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'],
    },
    {
      name: 'formatting',
      about: 'Prettier; `npm run format` repairs it',
      args: [program('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    },
    {
      name: 'imports',
      about: 'who may import whom',
      args: [
        program('dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'err-long',
        ...['packages', 'services', 'tests', 'tools', 'bench'].filter((folder) => existsSync(path.join(root, folder))),
      ],
    },
    {
      name: 'openapi',
      about: 'the OpenAPI document keeps the rules of redocly.yaml',
      args: ['--conditions=development', '--import', 'tsx', path.join(root, 'tools/checks/lint-openapi.ts')],
    },
    {
      name: 'dead-code',
      about: 'files, exports and dependencies that nothing uses',
      args: [program('knip/bin/knip.js'), '--no-progress'],
    },
  ];
  if (existsSync(generate)) {
    checks.push({
      name: 'generated',
      about: 'generated files are up to date; `npm run generate` makes them',
      args: ['--conditions=development', '--import', 'tsx', generate, '--check'],
    });
  }
  return checks;
}
