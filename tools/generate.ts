// `npm run generate [-- --check]`: makes the files that follow from others, or says which of them are out of date.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from './command-line.js';
import { generateAll } from './generate/generate-all.js';
import { compareOutputs, writeOutputs } from './generate/outputs.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = readCommandLine({
  usage: `npm run generate [-- --check]

Makes the files that follow from others: schema dump, table types, OpenAPI, reference pages.

  --check   write nothing; say which of them are out of date and end with 1 when one is`,
  options: { check: { type: 'boolean', default: false } },
});
const outputs = await generateAll(root);
process.exitCode = values.check ? compareOutputs(root, outputs) : writeOutputs(root, outputs);
