import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addIntegration, askDatabase, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { PostgresQueryCompiler, sql } from 'kysely';
import {
  admitPostbacks,
  claimDue,
  databaseNow,
  findConversion,
  findPayoutMismatch,
  findOffer,
  inTransaction,
  listConversions,
  listParkedTransactions,
  listPostbacks,
  loadCandidates,
  loadConversions,
  openDatabase,
  readChangesState,
  readPostbackBacklog,
  readRevenue,
  readRevenueChanges,
  readTrail,
  readUnattributed,
  relayLedger,
  reopenMarked,
  reportUnconfirmed,
  resolveMoment,
  settledRuns,
  storeClicks,
  storeMessages,
  storePage,
  type Database,
} from '@trackly-tune/database';
import { seedOffer } from './seed-books.js';

const INTEGRATIONS = 10;
const CONVERSIONS = 60_000;
/** What grows with every conversion, click, message or postback; the feed has a row for 128 entries, too few to tell. */
const LARGE = new Set([
  ...['conversions', 'conversion_versions', 'decisions', 'ledger_entries', 'transaction_lookups'],
  ...['clicks', 'messages', 'postbacks'],
]);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly Plan[];
}

let database: TestDatabase;
let close: () => Promise<void>;
let plain: Database;
/** The same database, whose statements are noted. */
let db: Database;
const statements = new Map<string, readonly unknown[]>();

/** Conversions in sets: of ten integrations, a year of days, each with a decision, an entry and its number. */
const FILL = [
  `INSERT INTO conversions (integration_id, tune_event_id, transaction_id, settings_version, click_window_days, version,
     content_hash, observed_at, external_offer_id, status, is_test, is_adjustment, payout_e5, currency, day, converted_at)
   SELECT 1 + n % ${INTEGRATIONS}, 'seed-' || n, hash_in_account('acc' || n % ${INTEGRATIONS}, 'ad:seed-' || n), 1, 90, 1,
     decode(md5(n::text), 'hex'), now(), (n % 7)::text, 'approved', false, false, 100000, 'USD',
     current_date - (n / 200)::int, now() - n * interval '8 minutes'
   FROM generate_series(1, ${CONVERSIONS}) n`,
  `INSERT INTO conversion_versions (conversion_id, version, observed_at, told, status, local_time, payout, currency, ad_id,
     offer_id, affiliate_id)
   SELECT id, 1, now(), 0, 'approved', '2026-05-01', '1.00000', 'USD', tune_event_id, external_offer_id, '3' FROM conversions`,
  `INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason,
     message_id, lookups)
   SELECT id, 1, 'first_seen', 4, 1, 1,
     (CASE id % 50 WHEN 0 THEN 'none' WHEN 1 THEN 'message_id' ELSE 'click' END)::decision_method,
     'click_by_ad_id', 'M' || id, '1:ad_id:used' FROM conversions`,
  `INSERT INTO ledger_entries (conversion_id, entry_no, decision_no, integration_id, message_id, external_offer_id, day,
     currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause)
   SELECT id, 1, 1, integration_id, 'M' || id, external_offer_id, day, 'USD', 100000, 0, 0, 1, 'first_seen' FROM conversions`,
  `INSERT INTO transaction_lookups SELECT hash_in_account('acc1', 'click:c-' || id), transaction_id FROM conversions`,
  `INSERT INTO clicks (account_id, click_id, message_id, clicked_at)
   SELECT 'acc' || id % ${INTEGRATIONS}, tune_event_id, 'M' || id, now() FROM conversions`,
  `INSERT INTO messages (account_id, message_id, sent_at) SELECT 'acc' || id % ${INTEGRATIONS}, 'M' || id, now() FROM conversions`,
  `INSERT INTO postbacks (integration_id, offer_id, identity, record_key, said, settings_version, click_window_days,
     offer_key, currency, conversion_id)
   SELECT integration_id, 1, decode(md5('i' || id), 'hex'), decode(md5('i' || id), 'hex'), '{}', 1, 90, '7', 'USD', id
   FROM conversions`,
  // Postbacks that are conversions and wait to be confirmed, and some that are not conversions yet.
  `INSERT INTO conversions (integration_id, postback_key, transaction_id, settings_version, click_window_days, version,
     content_hash, observed_at, external_offer_id, status, is_test, is_adjustment, payout_e5, currency, day, converted_at,
     confirm_by)
   SELECT 2, decode(md5('p' || n), 'hex'), hash_in_account('acc1', 'ad:p-' || n), 1, 90, 1, decode(md5(n::text), 'hex'),
     now(), '7', 'approved', false, false, 100000, 'USD', current_date, now(), now() + interval '3 days'
   FROM generate_series(1, 5000) n`,
  `INSERT INTO postbacks (integration_id, offer_id, identity, record_key, said, settings_version, click_window_days,
     offer_key, currency)
   SELECT 2, 1, decode(md5('w' || n), 'hex'), decode(md5('w' || n), 'hex'),
     '{"txn_id": "w", "click_id": null, "message_id": null, "goal_id": null, "event": null, "status": "approved", "amount": "1", "currency": "USD"}',
     1, 90, '7', 'USD'
   FROM generate_series(1, 200) n`,
];

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db: plain, close } = openDatabase({ databaseUrl: database.url, name: 'plans.test' }));
  for (let n = 0; n < INTEGRATIONS; n += 1) {
    await addIntegration(plain, { accountId: `acc${n}`, affiliateId: '3', networkId: `net${n}` });
  }
  await seedOffer(plain, 1n, '3');
  for (const statement of FILL) await sql.raw(statement).execute(plain);
  while ((await relayLedger(plain, 20_000)) > 0);
  await sql`ANALYZE`.execute(plain);
  const compiler = new PostgresQueryCompiler();
  db = plain.withPlugin({
    transformQuery({ node, queryId }) {
      const { sql: text, parameters } = compiler.compileQuery(node, queryId);
      if (/^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/i.test(text)) statements.set(text, parameters);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
}, 120_000);
afterAll(async () => {
  await close();
  await database.drop();
});

/** Everything that services ask of large tables. */
async function askEverything(): Promise<void> {
  const scope = { accountId: 'acc1' };
  const own = { integrationId: 2n };
  const page = { after: 0n, limit: 100 };
  for (const filter of [
    scope,
    own,
    { ...own, from: '2026-05-01', to: '2026-05-02' },
    { ...own, status: 'pending' as const },
    { ...own, status: 'rejected' as const },
    { ...scope, attribution: 'none' as const },
    { ...own, attribution: 'message_id' as const },
    { ...scope, messageId: 'M17' },
  ]) {
    await listConversions(db, filter, page);
  }
  const [first] = await listConversions(db, own, page);
  const id = first?.id ?? 0n;
  await findConversion(db, id);
  await readTrail(db, id, { rowsMax: 100 });
  const books = { from: '2026-05-01', to: '2026-05-31', asOf: { seq: 500n }, page: 1, perPage: 100 };
  for (const groupBy of ['message', 'offer', 'day'] as const) {
    await readRevenue(db, { scope: own, groupBy: [groupBy], ...books });
  }
  await readRevenueChanges(db, scope, page);
  await resolveMoment(db, new Date(Date.now() - 1_000));
  await listPostbacks(db, 2n, {}, page);
  await listParkedTransactions(db, { scope }, page);
  const offer = await findOffer(db, 1n);
  if (offer !== null) await findPayoutMismatch(db, offer);
  await readChangesState(db, 2n);
  await readPostbackBacklog(db);
  await readUnattributed(db, 10);
  await settledRuns(db, { parkedWaitMs: 0 }, 10);
  const click = { messageId: 'M7', offerId: null, clickedAt: new Date(), isBot: false };
  const message = { creativeId: null, offerId: null, campaignId: null, contactId: null, sentAt: new Date() };
  await inTransaction(db, (tx) => storeClicks(tx, [{ accountId: 'acc1', clickId: 'late', ...click }]));
  await inTransaction(db, (tx) => storeMessages(tx, [{ accountId: 'acc1', messageId: 'late', ...message }]));
  await inTransaction(db, (tx) => reopenMarked(tx, 100));
  await inTransaction(db, (tx) => admitPostbacks(tx, 100));
  await inTransaction(db, (tx) => reportUnconfirmed(tx, 100));
  const observedAt = await databaseNow(db);
  const row = (n: number) => ({
    ...{ tune_event_id: `seed-${n}`, ad_id: `seed-${n}`, offer_id: '3', affiliate_id: '3', currency: 'USD' },
    ...{ local_time: '2026-05-02 10:00:00', payout: '2.00000', payout_column: 'payout', ids: {} },
    status: 'approved' as const,
  });
  const rows = [1, 11, 1_000_001].map(row);
  const stored = { integrationId: 2n, accountId: 'acc1', settingsVersion: 1, runId: 1n, observedAt, unreadable: [] };
  await inTransaction(db, (tx) => storePage(tx, { ...stored, rows }));
  await inTransaction(db, async (tx) => {
    const claimed = await claimDue(tx, { transactionsMax: 100 });
    expect(claimed.length).toBeGreaterThan(0);
    await loadCandidates(tx, await loadConversions(tx, claimed));
  });
  await relayLedger(db, 100);
}

/** Reads all of a table, or all of an index in order to leave most of it out. */
function readsAll({ 'Node Type': type, 'Index Cond': condition, Filter: filter }: Plan): boolean {
  if (type === 'Seq Scan') return true;
  // What is parked is left out of what waits: both are few.
  const leavesOut = filter !== undefined && !filter.includes('SubPlan');
  return /^Index (Only )?Scan$/.test(type) && condition === undefined && leavesOut;
}

function largeScansIn(plan: Plan): string[] {
  const { 'Relation Name': table = '', Plans: parts = [] } = plan;
  return [...(readsAll(plan) && LARGE.has(table) ? [table] : []), ...parts.flatMap(largeScansIn)];
}

async function scansOf(text: string, parameters: readonly unknown[]): Promise<string[]> {
  const rows = await askDatabase<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
    database.url,
    `EXPLAIN (FORMAT JSON) ${text}`,
    parameters,
  );
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => largeScansIn(plan)));
}

test('no statement of the services reads a large table from its beginning to its end', async () => {
  await askEverything();
  expect(statements.size).toBeGreaterThan(40);
  const scans: string[] = [];
  for (const [text, parameters] of statements) {
    for (const table of await scansOf(text, parameters))
      scans.push(`${table}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`);
  }
  expect(scans).toEqual([]);
}, 120_000);

test.each([
  'SELECT max(payout_e5) FROM conversions',
  // A moment that changes from row to row is no condition of an index.
  'SELECT id FROM conversions WHERE confirm_by <= clock_timestamp() ORDER BY confirm_by LIMIT 10',
])('one that would is found: %s', async (text) => {
  expect(await scansOf(text, [])).toEqual(['conversions']);
});
