import { readdir, readFile } from 'node:fs/promises';
import { askDatabase, createEmptyDatabase } from '@trackly-tune/testing';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

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
  const apply = async (file: string) =>
    void (await askDatabase(url, await readFile(new URL(file, MIGRATIONS), 'utf8')));
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  if (!files.includes(own)) throw new Error(`There is no migration ${own}`);
  for (const file of files.filter((name) => name < own)) await apply(file);
  return { url, apply, drop, ask: (statement) => askDatabase(url, statement) };
}

/** The integration 1, of nobody in particular. */
export const AN_INTEGRATION = `INSERT INTO integrations (account_id, network_id, affiliate_id, name, base_url,
  network_token_sealed, network_token_hint, time_zone_source, currency_source)
  VALUES ('acc', 'net', '3', 'N', 'https://t.example', 's', 'h', 'given', 'given')`;
