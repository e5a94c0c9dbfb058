import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DATA_CLASSES, RETAINED_TABLES } from '@trackly-tune/database';
import { askDatabase, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const classed = (part: 'kept' | 'contact', value: string): string[] =>
  Object.entries(DATA_CLASSES)
    .filter(([, one]) => one[part] === value)
    .map(([table]) => table)
    .sort();

test('every table says how long it is kept and what of a contact it may hold', async () => {
  const rows = await askDatabase<{ name: string }>(
    database.url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     AND relname NOT LIKE 'kysely%' ORDER BY 1`,
  );
  expect(Object.keys(DATA_CLASSES).sort()).toEqual(rows.map(({ name }) => name));
});

test('what is kept by age is what passes are made over, and each has its pass', async () => {
  expect(classed('kept', 'by age')).toEqual([...RETAINED_TABLES].sort());
  const rows = await askDatabase<{ name: string }>(
    database.url,
    'SELECT table_name AS name FROM retention_passes ORDER BY 1',
  );
  expect(rows.map(({ name }) => name)).toEqual([...RETAINED_TABLES].sort());
});

test('contacts stand where erasing takes them out; documents and texts of others are named as such', async () => {
  const columns = await askDatabase<{ table: string; column: string }>(
    database.url,
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE '%contact%' AND data_type = 'text'`,
  );
  expect(columns).toEqual([{ table: 'messages', column: 'contact_id' }]);
  expect(classed('contact', 'the contact')).toEqual(['messages']);
  // Whatever a network or a sender of postbacks says is kept word by word in documents and sub ids.
  const said = await askDatabase<{ table: string }>(
    database.url,
    `SELECT DISTINCT table_name AS table FROM information_schema.columns WHERE table_schema = 'public'
     AND column_name IN ('said', 'raw', 'facts', 'aff_sub') ORDER BY 1`,
  );
  expect(said.map(({ table }) => table)).toEqual(classed('contact', 'as sent'));
});

test('what a table refers to is kept at least as long', async () => {
  const order = ['while needed', '1 day', '30 days', 'with its run', 'by age', 'for ever'];
  const references = await askDatabase<{ from: string; to: string }>(
    database.url,
    `SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint WHERE contype = 'f'`,
  );
  const rank = (table: string): number => order.indexOf(DATA_CLASSES[table]?.kept ?? '');
  // Runs of re-attributions are never dropped.
  const shorter = references.filter(({ from, to }) => rank(to) < rank(from));
  expect(shorter).toEqual([{ from: 'reattributions', to: 'sync_runs' }]);
});
