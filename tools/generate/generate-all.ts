import { describeSchema, describeTables } from '@trackly-tune/database';
import { buildOpenApi } from '../../services/api/src/openapi.js';
import { formatMarkdown } from './format-markdown.js';
import { generateTableTypes } from './generate-table-types.js';
import type { Output } from './outputs.js';
import { describeConfiguration } from './reference/describe-configuration.js';
import { describeErrors } from './reference/describe-errors.js';
import { describeStates } from './reference/describe-states.js';
import { describeTablesPage } from './reference/describe-tables.js';
import { findWriters } from './reference/find-writers.js';
import { withMigratedDatabase } from './with-migrated-database.js';

/** Everything that is generated from something else in this repository (law 17). */
export async function generateAll(root: string): Promise<Output[]> {
  return withMigratedDatabase(async (databaseUrl) => [
    { file: 'packages/database/schema.sql', text: await describeSchema({ databaseUrl }) },
    { file: 'packages/database/src/generated/tables.ts', text: generateTableTypes(root, databaseUrl) },
    { file: 'docs/reference/openapi.json', text: `${JSON.stringify(await buildOpenApi(), null, 2)}\n` },
    { file: 'docs/reference/configuration.md', text: await formatMarkdown(root, describeConfiguration()) },
    { file: 'docs/reference/errors.md', text: await formatMarkdown(root, describeErrors(root)) },
    {
      file: 'docs/schema.md',
      text: await formatMarkdown(root, describeTablesPage(await describeTables({ databaseUrl }), findWriters(root))),
    },
    { file: 'docs/states.md', text: await formatMarkdown(root, describeStates(root)) },
  ]);
}
