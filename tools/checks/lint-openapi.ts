// Holds the OpenAPI document against the rules of redocly.yaml; a warning fails like an error.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatProblems, lint, loadConfig } from '@redocly/openapi-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const config = await loadConfig({ configPath: path.join(root, 'redocly.yaml') });
const problems = await lint({ ref: path.join(root, 'docs/reference/openapi.json'), config });
const counted = problems.filter(({ ignored }) => ignored !== true);
formatProblems(counted, { format: 'codeframe', totals: { errors: 0, warnings: 0, ignored: 0 }, version: '' });
process.exitCode = counted.length === 0 ? 0 : 1;
