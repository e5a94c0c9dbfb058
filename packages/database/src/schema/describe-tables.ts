import { openDatabase } from '../connection/connection.js';
import { readColumns, readComments, readConstraints, readIndexComments } from './schema-catalogue.js';

export interface DescribedColumn {
  readonly name: string;
  /** Type, default and whether it may be null, as SQL. */
  readonly definition: string;
  readonly meaning: string | null;
}

/** A table as people are told of it. */
export interface DescribedTable {
  readonly name: string;
  /** What a row is. */
  readonly meaning: string;
  readonly columns: readonly DescribedColumn[];
  /** Indexes beside its keys: what is indexed, as SQL, and which query needs it. */
  readonly indexes: readonly { readonly name: string; readonly on: string; readonly purpose: string }[];
  /** Tables that its foreign keys name, by the columns that do. */
  readonly references: readonly { readonly columns: string; readonly table: string }[];
}

const FOREIGN_KEY = /^FOREIGN KEY \(([^)]+)\) REFERENCES ([a-z_]+)\(/;

/** `CREATE INDEX … USING btree (a, b) WHERE c` → `(a, b) WHERE c`. */
const indexedIn = (definition: string): string => definition.replace(/^.*? USING \w+ /, '');

/** Every table with what it means, by name. Throws for one, or an index, of which the migrations do not say what for. */
export async function describeTables(options: { databaseUrl: string }): Promise<DescribedTable[]> {
  const { db, close } = openDatabase({ ...options, name: 'describe-tables', connectionsMax: 1 });
  try {
    const columns = await readColumns(db);
    const comments = await readComments(db);
    const constraints = await readConstraints(db);
    const indexes = await readIndexComments(db);
    const meaningOf = (table: string, column: string | null): string | null =>
      comments.find((one) => one.table === table && one.column === column)?.comment ?? null;
    return [...new Set(columns.map(({ table }) => table))].map((name) => {
      const meaning = meaningOf(name, null);
      if (meaning === null)
        throw new Error(`No migration says what a row of ${name} is: COMMENT ON TABLE ${name} IS …`);
      return {
        name,
        meaning,
        columns: columns
          .filter(({ table }) => table === name)
          .map(({ column, definition }) => ({ name: column, definition, meaning: meaningOf(name, column) })),
        indexes: indexes
          .filter(({ table }) => table === name)
          .map((index) => {
            if (index.comment === null)
              throw new Error(`No migration says what ${index.name} is for: COMMENT ON INDEX …`);
            return { name: index.name, on: indexedIn(index.definition), purpose: index.comment };
          }),
        references: constraints.flatMap(({ table, definition }) => {
          const [, own, target] = FOREIGN_KEY.exec(definition) ?? [];
          return table === name && own !== undefined && target !== undefined ? [{ columns: own, table: target }] : [];
        }),
      };
    });
  } finally {
    await close();
  }
}
