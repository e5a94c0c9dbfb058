import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openDatabaseBefore, type DatabaseBefore } from '../../packages/database/test/database-before.js';
import { explainDecision } from '../../services/attribution/src/domain/explain-decision.js';
import { startBooksWorld, type BooksWorld } from './books-world.js';
import { recomputeDecision, type TrailJson } from './recompute-decision.js';

const OWN = '0020_lean_books.sql';

/** Books of a full run that the release before 0020 kept, what it answered of them, and what it made of what waited. */
interface Before {
  readonly tables: Readonly<Record<string, readonly object[]>>;
  readonly answers: Readonly<Record<string, Record<string, unknown>>>;
  readonly after: Readonly<Record<string, Record<string, unknown>>>;
}

const before = JSON.parse(gunzipSync(readFileSync('tests/books/before-lean-books.json.gz')).toString('utf8')) as Before;

let database: DatabaseBefore;
let world: BooksWorld;

async function fill(table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await database.ask(`SET session_replication_role = replica;
    INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $rows$${JSON.stringify(rows)}$rows$::jsonb)`);
  if (!columns.split(', ').includes('id')) return;
  await database.ask(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id)) FROM ${table}`);
}

beforeAll(async () => {
  database = await openDatabaseBefore(OWN);
  await database.ask('DELETE FROM ledger_sequence');
  for (const [table, rows] of Object.entries(before.tables)) await fill(table, rows);
  const files = readdirSync('packages/database/migrations').filter((file) => file.endsWith('.sql') && file >= OWN);
  for (const file of files.sort()) await database.apply(file);
  world = await startBooksWorld(database);
});
afterAll(() => world.close());

const ask = async (url: string) => (await world.call('GET', url)).body;
const asked = (part: string): string[] => Object.keys(before.answers).filter((url) => url.includes(part));

type Json = Record<string, unknown>;

/** Decisions have other ids now; which decision an entry came of stays the same. */
function withoutIds(trail: Json): Json {
  const history = (part: Json | null): Json | null => {
    if (part === null) return null;
    const decisions = part['decisions'] as (Json & { id: string; no: number })[];
    const numbers = new Map(decisions.map(({ id, no }) => [id, no]));
    return {
      ...part,
      decisions: decisions.map(({ id: _id, ...rest }) => rest),
      entries: (part['entries'] as Json[]).map(({ decision_id: id, ...rest }) => ({
        ...rest,
        no: numbers.get(String(id)),
      })),
    };
  };
  return { ...history(trail), postback: history(trail['postback'] as Json | null) };
}

describe('books that were kept before they were lean', () => {
  test.each([
    ['/trail', 'every trail'],
    ['/v1/revenue?', 'every sum, as of any number'],
    ['/v1/revenue/changes', 'the feed, with the numbers that were given'],
    ['/v1/conversions?', 'every list of conversions'],
  ])('say the same after the migration (%s): %s', async (part) => {
    const urls = asked(part);
    expect(urls.length).toBeGreaterThan(3);
    // What is told beside the books came later.
    const seen = part === '/trail' ? withoutIds : ({ complete_through: _later, ...body }: Json) => body;
    for (const url of urls) expect([url, seen(await ask(url))]).toEqual([url, seen(before.answers[url] ?? {})]);
  });

  test('can be decided again from their trails alone', async () => {
    let decisions = 0;
    for (const url of asked('/trail')) {
      const trail = (await ask(url)) as unknown as TrailJson;
      const histories = [{ ...trail, id: trail.conversion.id }, ...(trail.postback === null ? [] : [trail.postback])];
      for (const history of histories) {
        for (const decision of history.decisions) {
          const { decided_with: _others, ...evidence } = decision.evidence;
          const again = recomputeDecision(trail, history.id, decision);
          expect(JSON.parse(JSON.stringify(explainDecision(again)))).toEqual(evidence);
          decisions += 1;
        }
      }
    }
    expect(decisions).toBeGreaterThan(60);
  });

  test('go on with what waited, to the same sums, and decide nothing anew that is decided', async () => {
    await world.settle();
    for (const [url, { data }] of Object.entries(before.after)) expect((await ask(url))['data']).toEqual(data);
    const written = () =>
      database.ask(
        'SELECT (SELECT count(*)::int FROM decisions) AS d, (SELECT count(*)::int FROM ledger_entries) AS e',
      );
    const settled = await written();
    await database.ask(`INSERT INTO due_transactions (integration_id, transaction_id, cause, background)
      SELECT DISTINCT integration_id, transaction_id, 'pull'::decision_cause, false FROM conversions`);
    await world.settle();
    expect(await written()).toEqual(settled);
  });
});
