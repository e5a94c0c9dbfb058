import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`, which starts the stores');
  return url;
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** How a new database orders texts: `C` by bytes, an ICU locale such as `en-US` by it; without one as its server does. */
function orderedBy(collation: string | undefined): string {
  if (!collation) return '';
  if (!/^[A-Za-z0-9-]+$/.test(collation)) throw new Error(`Neither C nor an ICU locale: ${collation}`);
  const provider = collation === 'C' ? `libc LOCALE 'C'` : `icu ICU_LOCALE '${collation}'`;
  return ` TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER ${provider}`;
}

/**
 * Creates a database of a random name on a server, as a copy of `template` where one is given; an empty one orders texts
 * by `collation`, by default that of TEST_COLLATION.
 */
export async function createDatabase(
  server: string,
  { template, collation = process.env.TEST_COLLATION }: { template?: string; collation?: string | undefined } = {},
): Promise<TestDatabase> {
  const name = `trackly_test_${randomBytes(6).toString('hex')}`;
  const how = template === undefined ? orderedBy(collation) : ` TEMPLATE ${template}`;
  await onServer(server, `CREATE DATABASE ${name}${how}`);
  return {
    url: urlOf(server, name),
    name,
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A migrated database for one test file: a copy of the template that `npm test` made. */
export function createTestDatabase(): Promise<TestDatabase> {
  const template = process.env.TEST_TEMPLATE_DATABASE;
  if (!template) throw new Error('TEST_TEMPLATE_DATABASE is not set: run the tests with `npm test`');
  return createDatabase(serverUrl(), { template });
}

/** An empty database, for tests of the migrations; it orders texts as `collation` says. */
export function createEmptyDatabase(options: { collation?: string } = {}): Promise<TestDatabase> {
  return createDatabase(serverUrl(), options);
}
