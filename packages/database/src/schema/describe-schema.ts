import { openDatabase } from '../connection/connection.js';
import {
  readColumns,
  readConstraints,
  readEnumerations,
  readFunctions,
  readIndexes,
  readTriggers,
  readUncovered,
  readUnlogged,
  type SchemaStatement,
} from './schema-catalogue.js';

const HEADER = `-- The schema that the migrations make: enumerations, tables with their columns, constraints, indexes and triggers, then
-- functions.
-- Made by \`npm run generate\` from the catalogue of a freshly migrated database; read it, never edit or run it.
`;

function groupByTable<Row extends { readonly table: string | null }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.table ?? '', [...(groups.get(row.table ?? '') ?? []), row]);
  return groups;
}

const statements = (rows: readonly SchemaStatement[] = []): string =>
  rows.map(({ definition }) => `${definition};\n`).join('');

/**
 * The schema as a text that is the same for the same migrations, on PostgreSQL 15 to 18 alike (law 17). Read from the
 * catalogue, so that no pg_dump is needed. Throws when the schema holds a kind of object that the text would leave out.
 */
export async function describeSchema(options: { databaseUrl: string }): Promise<string> {
  const { db, close } = openDatabase({ ...options, name: 'describe-schema', connectionsMax: 1 });
  try {
    const uncovered = await readUncovered(db);
    if (uncovered.length > 0) throw new Error(`The description of the schema does not cover: ${uncovered.join(', ')}`);
    const columns = groupByTable(await readColumns(db));
    const constraints = groupByTable(await readConstraints(db));
    const indexes = groupByTable(await readIndexes(db));
    const triggers = groupByTable(await readTriggers(db));
    const unlogged = await readUnlogged(db);
    const tables = [...columns].map(([table, ofTable]) => {
      const lines = [
        ...ofTable.map(({ column, definition }) => `  ${column} ${definition}`),
        ...(constraints.get(table) ?? []).map(({ name, definition }) => `  CONSTRAINT ${name} ${definition}`),
      ];
      const kind = unlogged.includes(table) ? 'UNLOGGED TABLE' : 'TABLE';
      const body = `CREATE ${kind} ${table} (\n${lines.join(',\n')}\n);\n`;
      return body + statements(indexes.get(table)) + statements(triggers.get(table));
    });
    const functions = (await readFunctions(db)).map(({ definition }) => `${definition.trimEnd()};\n`);
    const enumerations = statements(await readEnumerations(db));
    return [HEADER, enumerations, ...tables, ...functions].join('\n');
  } finally {
    await close();
  }
}
