// `npm run generate [-- --check]`: makes the files that follow from others, or says which of them are out of date.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateAll } from './generate/generate-all.js';
import { compareOutputs, writeOutputs } from './generate/outputs.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const outputs = await generateAll(root);
process.exitCode = process.argv.includes('--check') ? compareOutputs(root, outputs) : writeOutputs(root, outputs);
