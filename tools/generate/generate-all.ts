import { describeSchema } from '@trackly-tune/database';
import { buildOpenApi } from '../../services/api/src/openapi.js';
import { generateTableTypes } from './generate-table-types.js';
import type { Output } from './outputs.js';
import { withMigratedDatabase } from './with-migrated-database.js';

/** Everything that is generated from something else in this repository (law 17). */
export async function generateAll(root: string): Promise<Output[]> {
  return withMigratedDatabase(async (databaseUrl) => [
    { file: 'packages/database/schema.sql', text: await describeSchema({ databaseUrl }) },
    { file: 'packages/database/src/generated/tables.ts', text: generateTableTypes(root, databaseUrl) },
    { file: 'docs/reference/openapi.json', text: `${JSON.stringify(await buildOpenApi(), null, 2)}\n` },
  ]);
}
