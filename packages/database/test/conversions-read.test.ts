import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  findConversion,
  findOfferKey,
  listConversions,
  openDatabase,
  readTrail,
  relayLedger,
  type ConversionFilter,
  type Database,
} from '@trackly-tune/database';
import { addIntegration, createTestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { seedConversion, seedDecision, seedEntries, seedOffer } from './seed-books.js';

let db: Database;
let integrationId: bigint;
let offerId: bigint;
const ids: Record<'clicked' | 'messaged' | 'nobody' | 'undecided' | 'foreign', bigint> = {
  clicked: 0n,
  messaged: 0n,
  nobody: 0n,
  undecided: 0n,
  foreign: 0n,
};
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  const opened = openDatabase({ databaseUrl: database.url, name: 'conversions-test' });
  db = opened.db;
  closers.push(opened.close, database.drop);
  integrationId = (await addIntegration(db, { accountId: 'acc', affiliateId: '7' })).id;
  const foreign = (await addIntegration(db, { accountId: 'other', affiliateId: '7' })).id;
  offerId = await seedOffer(db, integrationId, '10');
  const own = { accountId: 'acc', integrationId };
  ids.clicked = await seedConversion(db, { ...own, day: '2026-10-30' });
  ids.messaged = await seedConversion(db, { ...own, externalOfferId: '11', status: 'pending' });
  ids.nobody = await seedConversion(db, { ...own, status: 'rejected' });
  ids.undecided = await seedConversion(db, { ...own, day: '2026-11-01' });
  ids.foreign = await seedConversion(db, { accountId: 'other', integrationId: foreign });
  await seedDecision(db, { conversionId: ids.clicked, no: 1, method: 'click', messageId: 'mmmmmmm1' });
  await seedDecision(db, { conversionId: ids.messaged, no: 1, method: 'message_id', messageId: 'mmmmmmm1' });
  await seedDecision(db, { conversionId: ids.nobody, no: 1, method: 'none' });
  // What is not decided is due, as a pull leaves it; so may be what is decided.
  await sql`INSERT INTO due_transactions (integration_id, transaction_id, cause, background)
    SELECT integration_id, transaction_id, 'pull', false FROM conversions WHERE id IN (${ids.undecided}, ${ids.messaged})`.execute(
    db,
  );
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('listing conversions', () => {
  const list = async (filter: ConversionFilter) =>
    (await listConversions(db, filter, { after: 0n, limit: 100 })).map((row) => row.id);

  test('each filter finds what it names, and all filters together what all of them name', async () => {
    const offer = (await findOfferKey(db, offerId)) ?? undefined;
    const { clicked, messaged, nobody, undecided, foreign } = ids;
    expect(await list({})).toEqual([clicked, messaged, nobody, undecided, foreign]);
    expect(await list({ accountId: 'acc' })).toEqual([clicked, messaged, nobody, undecided]);
    expect(await list({ integrationId, attribution: 'click' })).toEqual([clicked]);
    expect(await list({ attribution: 'message_id' })).toEqual([messaged]);
    expect(await list({ integrationId, attribution: 'none' })).toEqual([nobody, undecided]);
    expect(await list({ status: 'pending' })).toEqual([messaged]);
    expect(await list({ integrationId, from: '2026-10-31', to: '2026-10-31' })).toEqual([messaged, nobody]);
    expect(await list({ messageId: 'mmmmmmm1' })).toEqual([clicked, messaged]);
    expect(await list({ messageId: 'MMMMMMM1' })).toEqual([]);
    expect(await list({ offer })).toEqual([clicked, nobody, undecided]);
    expect(
      await list({
        accountId: 'acc',
        integrationId,
        attribution: 'none',
        status: 'approved',
        from: '2026-10-31',
        to: '2026-11-01',
        offer,
      }),
    ).toEqual([undecided]);
  });

  test('by how it was attributed finds what holds now, not what was decided once', async () => {
    const at = { accountId: 'third', integrationId: (await addIntegration(db, { accountId: 'third' })).id };
    const seeded = await Promise.all([1, 2, 3, 4].map(() => seedConversion(db, at)));
    const [found, lost, twice, claimed] = seeded.sort((a, b) => Number(a - b)) as [bigint, bigint, bigint, bigint];
    for (const [conversionId, ...methods] of [
      [found, 'none', 'click'],
      [lost, 'click', 'none'],
      [twice, 'none', 'message_id', 'none'],
      [claimed, 'none'],
    ] as const) {
      for (const [index, method] of methods.entries()) await seedDecision(db, { conversionId, no: index + 1, method });
    }
    await sql`INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason,
        lookups, claimed_by_id)
      VALUES (${claimed}, 2, 'pull', 1, 1, 1, 'none', 'no_ids', '', ${found})`.execute(db);
    expect(await list({ ...at, attribution: 'none' })).toEqual([lost, twice]);
    expect(await list({ ...at, attribution: 'message_id' })).toEqual([]);
    expect(await list({ ...at, attribution: 'click' })).toEqual([found]);
    const [first] = await listConversions(db, { ...at, attribution: 'none' }, { after: 0n, limit: 1 });
    const rest = await listConversions(db, { ...at, attribution: 'none' }, { after: first?.id ?? 0n, limit: 1 });
    expect([first?.id, ...rest.map(({ id }) => id)]).toEqual([lost, twice]);
    expect(
      await listConversions(db, { ...at, attribution: 'none' }, { after: 0n, through: lost, limit: 9 }),
    ).toHaveLength(1);
  });

  test('an offer without an external id has no conversions, an unknown one is not found', async () => {
    const byHand = await seedOffer(db, integrationId, null);
    const offer = (await findOfferKey(db, byHand)) ?? undefined;
    expect(offer).toEqual({ accountId: 'acc', integrationId, keys: [`ofr_${byHand}`] });
    expect(await list({ offer })).toEqual([]);
    expect(await findOfferKey(db, 999_999n)).toBeNull();
  });

  test('pages follow each other without a gap', async () => {
    const seen: bigint[] = [];
    for (;;) {
      const rows = await listConversions(db, {}, { after: seen.at(-1) ?? 0n, limit: 2 });
      if (rows.length === 0) break;
      seen.push(...rows.map((row) => row.id));
    }
    expect(seen.slice(0, 5)).toEqual(Object.values(ids));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

test('a conversion shows its decision, or nothing of one, and our offer where it was imported', async () => {
  expect(await findConversion(db, ids.clicked)).toMatchObject({ method: 'click', offer_id: offerId, version: 1 });
  expect(await findConversion(db, ids.undecided)).toMatchObject({ method: null, reason: null, decided_at: null });
  expect(await findConversion(db, ids.messaged)).toMatchObject({ offer_id: null, external_offer_id: '11' });
  expect(await findConversion(db, 999_999n)).toBeNull();
});

describe('the trail', () => {
  test('has every version, decision, entry and unreadable row in order, and says when it is cut', async () => {
    const conversionId = ids.clicked;
    await sql`
      INSERT INTO conversion_versions (conversion_id, version, observed_at, facts)
      VALUES (${conversionId}, 2, '2026-10-01T00:00:00Z', '{"status":"rejected"}')`.execute(db);
    await seedDecision(db, { conversionId, no: 2, method: 'none' });
    const entry = {
      conversionId,
      accountId: 'acc',
      integrationId,
      messageId: 'mmmmmmm1',
      creativeId: null,
      campaignId: null,
      externalOfferId: '10',
      day: '2026-10-30',
      currency: 'USD',
      unconfirmedE5: 0n,
      pendingE5: 0n,
    };
    await seedEntries(db, [{ ...entry, entryNo: 1, revenueE5: 250_000n, conversions: 1 }]);
    await relayLedger(db, 10);
    await seedEntries(db, [{ ...entry, entryNo: 2, decisionNo: 2, revenueE5: -250_000n, conversions: -1 }]);
    const eventId = (await findConversion(db, conversionId))?.tune_event_id ?? '';
    for (const [reason, event] of [
      ['bad_amount', eventId],
      ['bad_time', eventId],
      ['bad_time', 'someone else'],
    ]) {
      await sql`
        INSERT INTO unreadable_rows (integration_id, tune_event_id, reason, content_hash, raw, observed_at)
        VALUES (${integrationId}, ${event}, ${reason}, decode(md5(${`${reason} ${event}`}), 'hex'), '{}', now())`.execute(
        db,
      );
    }

    const trail = await readTrail(db, conversionId, { rowsMax: 10 });
    expect(trail).toMatchObject({ complete: true, clickWindowDays: 90, conversion: { id: conversionId, version: 1 } });
    expect(trail?.versions.map((row) => row.version)).toEqual([1, 2]);
    expect(trail?.decisions.map((row) => [row.no, row.method])).toEqual([
      [1, 'click'],
      [2, 'none'],
    ]);
    expect(trail?.entries.map((row) => [row.entry_no, row.seq, row.revenue_e5])).toEqual([
      [1, 1n, 250_000n],
      [2, null, -250_000n],
    ]);
    expect(trail?.unreadable.map((row) => row.reason)).toEqual(['bad_amount', 'bad_time']);
    expect(trail?.settings.get(1)).toMatchObject({ messageIdField: 'aff_sub', timeZone: 'America/New_York' });

    const cut = await readTrail(db, conversionId, { rowsMax: 1 });
    expect(cut).toMatchObject({ complete: false, versions: [{ version: 2 }], decisions: [{ no: 2 }] });
    expect(await readTrail(db, 999_999n, { rowsMax: 1 })).toBeNull();
  });
});
