import { randomBytes } from 'node:crypto';
import { askDatabase } from './ask-database.js';

/**
 * Makes PostgreSQL refuse every statement that writes certain rows, whatever else it writes: data that nobody foresaw,
 * planted. Resolves to what takes it away again.
 *
 * @param rows.when of SQL, over OLD and NEW, e.g. `NEW.integration_id = 5`
 */
export async function refuseRows(
  url: string,
  rows: { table: string; on: 'INSERT' | 'UPDATE' | 'DELETE' | 'INSERT OR UPDATE'; when: string },
): Promise<() => Promise<void>> {
  const name = `poison_${randomBytes(4).toString('hex')}`;
  await askDatabase(
    url,
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'this row is refused' USING ERRCODE = 'check_violation'; END $$`,
  );
  await askDatabase(
    url,
    `CREATE TRIGGER ${name} BEFORE ${rows.on} ON ${rows.table} FOR EACH ROW WHEN (${rows.when}) EXECUTE FUNCTION ${name}()`,
  );
  return async () => {
    await askDatabase(url, `DROP TRIGGER ${name} ON ${rows.table}`);
    await askDatabase(url, `DROP FUNCTION ${name}()`);
  };
}
