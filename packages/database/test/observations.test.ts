import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  beginRequest,
  databaseNow,
  inTransaction,
  openDatabase,
  postponeSlice,
  recordPage,
  storePage,
  type Database,
} from '@trackly-tune/database';
import type { ConversionFacts } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;
let integrationId: bigint;
let slices: { id: bigint; runId: bigint }[];
const SLICES = 5;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'observations.test' }));
  integrationId = (await addIntegration(db)).id;
  slices = (
    await sql<{ id: bigint; runId: bigint }>`
      WITH run AS (
        INSERT INTO sync_runs (integration_id, kind, trigger, status, started_at)
        VALUES (${integrationId}, 'conversions', 'manual', 'running', now()) RETURNING id
      )
      INSERT INTO sync_slices (run_id, integration_id, lease_key, window_from, window_to)
      SELECT run.id, ${integrationId}, 'conversions:demo', '2026-05-01 00:00:00', '2026-05-02 23:59:59'
      FROM run, generate_series(1, ${SLICES}::int) RETURNING id, run_id AS "runId"`.execute(db)
  ).rows;
});
afterAll(async () => {
  await close();
  await database.drop();
});

let conversions = 0;
const newEventId = (): string => `ev-${++conversions}`;

/** What a request answers with: the payout of each conversion that stands in it. */
type Answer = Readonly<Record<string, string>>;

function rowsOf(answer: Answer): ConversionFacts[] {
  return Object.entries(answer).map(([id, payout]) => ({
    tune_event_id: id,
    ad_id: `ad-${id}`,
    offer_id: '7',
    affiliate_id: '3',
    local_time: '2026-05-02 10:00:00',
    status: 'approved',
    payout,
    currency: 'USD',
    payout_column: 'payout',
    goal_id: '0',
    ids: {},
  }));
}

/** A request of a slice, from when it is asked to when its page is written. */
async function ask(slice: number) {
  const { id: sliceId, runId } = slices[slice]!;
  const observedAt = await beginRequest(db, sliceId);
  const nothing = {
    nextPage: 2,
    pageTotal: 1,
    fetched: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    apiCalls: 1,
  };
  return {
    write: (answer: Answer) =>
      inTransaction(db, async (tx) => {
        const page = { integrationId, accountId: 'acme', settingsVersion: 1, runId, observedAt, unreadable: [] };
        await storePage(tx, { ...page, rows: rowsOf(answer) });
        await recordPage(tx, { sliceId, runId, observedAt, ...nothing });
      }),
    giveUp: () => postponeSlice(db, { id: sliceId }, { delayMs: 0, failed: true }),
  };
}

async function payoutsOf(ids: readonly string[]): Promise<Answer> {
  const { rows } = await sql<{ id: string; payout: string; head: string }>`
    SELECT c.tune_event_id AS id, v.payout, c.payout_e5 / 100000 AS head
    FROM conversions c JOIN conversion_versions v ON v.conversion_id = c.id AND v.version = c.version
    WHERE c.tune_event_id = ANY(${ids}::text[])`.execute(db);
  for (const row of rows) expect(BigInt(row.head)).toBe(BigInt(row.payout));
  return Object.fromEntries(rows.map((row) => [row.id, row.payout]));
}

const placeOf = async (id: string): Promise<string | undefined> =>
  (
    await sql<{ place: string }>`
      SELECT concat(xmin, ctid) AS place FROM conversions WHERE tune_event_id = ${id}`.execute(db)
  ).rows[0]?.place;

describe('of two observations of a conversion', () => {
  test('the one requested last wins, also when it found nothing changed and the other is written after it', async () => {
    const id = newEventId();
    await (await ask(0)).write({ [id]: '1' });
    const between = await ask(1);
    const last = await ask(0);
    await last.write({ [id]: '1' });
    await between.write({ [id]: '2' });
    expect(await payoutsOf([id])).toEqual({ [id]: '1' });
  });

  test('of any requests, in whatever order they are asked and written, the last one asked says what is current', async () => {
    const payout = fc.constantFrom('1', '2', '3');
    const answer = fc.record({ a: payout, b: fc.option(payout), c: fc.option(payout) });
    const plan = fc.array(answer, { minLength: 2, maxLength: SLICES }).chain((answers) =>
      fc.record({
        answers: fc.constant(answers),
        // Each number stands there twice: first the request is asked, then its page is written.
        steps: fc.shuffledSubarray([...answers.keys(), ...answers.keys()], { minLength: answers.length * 2 }),
        failing: fc.option(fc.nat({ max: answers.length - 1 })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async ({ answers, steps, failing }) => {
        const ids = { a: newEventId(), b: newEventId(), c: newEventId() };
        const asked = new Map<number, Awaited<ReturnType<typeof ask>>>();
        const expected: Record<string, string> = {};
        for (const step of steps) {
          const request = asked.get(step);
          const found = Object.entries(answers[step] ?? {}).flatMap(([name, value]) =>
            value === null ? [] : [[ids[name as keyof typeof ids], value] as const],
          );
          if (request === undefined) {
            asked.set(step, await ask(step));
            if (step !== failing) Object.assign(expected, Object.fromEntries(found));
          } else if (step === failing) await request.giveUp();
          else await request.write(Object.fromEntries(found));
        }
        expect(await payoutsOf(Object.values(ids))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('written at the same moment, the one requested last still wins', async () => {
    for (let round = 0; round < 20; round++) {
      const id = newEventId();
      await (await ask(0)).write({ [id]: '1' });
      const between = await ask(1);
      const last = await ask(2);
      await Promise.all([between.write({ [id]: '2' }), last.write({ [id]: '1' })]);
      expect(await payoutsOf([id])).toEqual({ [id]: '1' });
    }
  });

  test('one that found nothing changed writes nothing, and once where another request is under way', async () => {
    const id = newEventId();
    await (await ask(0)).write({ [id]: '1' });
    const first = await placeOf(id);
    await (await ask(0)).write({ [id]: '1' });
    expect(await placeOf(id)).toBe(first);
    const open = await ask(1);
    await (await ask(0)).write({ [id]: '1' });
    const moved = await placeOf(id);
    expect(moved).not.toBe(first);
    await (await ask(0)).write({ [id]: '1' });
    expect(await placeOf(id)).toBe(moved);
    await open.giveUp();
    await (await ask(0)).write({ [id]: '1' });
    expect(await placeOf(id)).toBe(moved);
  });

  test('what is written of a request is history when it was asked before the current one', async () => {
    const id = newEventId();
    const [early, late] = [await databaseNow(db), await databaseNow(db)];
    const page = { integrationId, accountId: 'acme', settingsVersion: 1, runId: slices[0]!.runId, unreadable: [] };
    for (const [observedAt, payout] of [
      [late, '2'],
      [early, '1'],
    ] as const) {
      await inTransaction(db, (tx) => storePage(tx, { ...page, observedAt, rows: rowsOf({ [id]: payout }) }));
    }
    expect(await payoutsOf([id])).toEqual({ [id]: '2' });
  });
});
