import { expect, test } from '@jest/globals';
import { readPage } from '../system/markdown-blocks.js';
import { readOperations, type OpenApiDocument } from './read-operations.js';
import { runFuzz } from './run-fuzz.js';

test('every route asked for everything, well formed and hostile, answers by the rules, and the books are right', async () => {
  const lines: string[] = [];
  const report = await runFuzz({ requests: 300, seed: 1, route: '', say: (line) => void lines.push(line) });
  console.log(lines.join('\n'));
  expect(report.failures).toEqual([]);
  expect(report.wrong).toEqual([]);
  const asked = new Map(report.routes.map((one) => [one.name, one.requests]));
  const document = JSON.parse(readPage('docs/reference/openapi.json')) as OpenApiDocument;
  // Postbacks have a port of their own here, so that the document of this one leaves them out.
  const operations = readOperations(document).filter(({ path }) => path !== '/conv/offer');
  for (const { method, path } of operations) expect(asked.get(`${method} ${path}`)).toBeGreaterThan(0);
  const statuses = report.routes.flatMap((one) => Object.entries(one.statuses));
  const good = statuses.filter(([status]) => status.startsWith('2')).reduce((sum, [, count]) => sum + count, 0);
  expect(good).toBeGreaterThan(60);
}, 300_000);
