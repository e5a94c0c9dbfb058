import { fileURLToPath } from 'node:url';
import { askDatabase, createEmptyDatabase } from '@trackly-tune/testing';
import { readMigrationFiles } from '../src/schema/migration-files.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

export interface DatabaseBefore {
  readonly url: string;
  ask<Row extends object>(statement: string): Promise<Row[]>;
  /** Applies one migration. */
  apply(file: string): Promise<void>;
  drop(): Promise<void>;
}

/** A database as it was before a migration, to be populated. */
export async function openDatabaseBefore(own: string): Promise<DatabaseBefore> {
  const { url, drop } = await createEmptyDatabase();
  const files = await readMigrationFiles(MIGRATIONS);
  const apply = async (file: string): Promise<void> => {
    const migration = files.find(({ name }) => `${name}.sql` === file);
    if (migration === undefined) throw new Error(`There is no migration ${file}`);
    for (const statement of migration.outside ?? [migration.text]) await askDatabase(url, statement);
  };
  if (!files.some(({ name }) => `${name}.sql` === own)) throw new Error(`There is no migration ${own}`);
  for (const { name } of files) if (`${name}.sql` < own) await apply(`${name}.sql`);
  return { url, apply, drop, ask: (statement) => askDatabase(url, statement) };
}

/** The integration 1, of nobody in particular. */
export const AN_INTEGRATION = `INSERT INTO integrations (account_id, network_id, affiliate_id, name, base_url,
  network_token_sealed, network_token_hint, time_zone_source, currency_source)
  VALUES ('acc', 'net', '3', 'N', 'https://t.example', 's', 'h', 'given', 'given')`;
