import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dropOld } from '../../services/attribution/src/use-cases/drop-old.js';
import { recomputeDecision, type TrailJson } from '../books/recompute-decision.js';
import { row, startBooksWorld, type BooksWorld, type Connected } from '../books/books-world.js';

const DAY_MS = 86_400_000;

let world: BooksWorld;

beforeAll(async () => {
  world = await startBooksWorld();
});
afterAll(() => world.close());

/** Conversions of every fate: by click, by message, too late, re-attributed, changed, of postbacks and of both. */
async function fullRun(): Promise<Connected> {
  const connected = await world.connect();
  await world.sendMessages(connected, 'Msg00001', 'Msg00002', 'Msg00004', 'Sub00003', 'Late0001');
  await world.sendClick(connected, 'click-1', 'Msg00002');
  await world.sendClick(connected, 'click-3', 'Late0001', '2025-05-01T00:00:00Z');
  await world.sendClick(connected, 'click-8', 'MsgGone1');
  await world.pull(connected, row(1), row(2), row(3), row(4, { ad_id: 'T1', goal_id: '5' }), row(8));
  await world.firePostback(connected, { txn_id: 'T1', goal_id: '5', amount: '1.5', click_id: 'click-4' });
  await world.firePostback(connected, { txn_id: 'T2', click_id: 'click-5', message_id: 'Msg00001' });
  await world.settle();
  await world.sendClick(connected, 'click-4', 'Msg00004');
  await world.pull(connected, row(1, { ad_id: 'click-7', payout: '2' }), row(2, { status: 'rejected' }));
  await world.sendClick(connected, 'click-7', 'Msg00004');
  await world.settle();
  await world.call('PATCH', `/v1/integrations/${connected.publicId}`, {
    message_id_field: 'aff_sub2',
    click_window_days: 20,
  });
  await world.call('POST', '/v1/reattributions', { integration_id: connected.publicId, dry_run: false });
  await world.settle();
  return connected;
}

/** Everything that callers read of the books. */
async function readBooks({ publicId, accountId, id }: Connected): Promise<Record<string, string>> {
  const conversions = await world.db.selectFrom('conversions').select('id').where('integration_id', '=', id).execute();
  const groups = ['message', 'creative', 'campaign', 'offer', 'day'];
  const urls = [
    ...groups.map((group) => `/v1/revenue?integration_id=${publicId}&group_by=${group}`),
    `/v1/revenue-changes?account_id=${accountId}&limit=1000`,
    `/v1/conversions?integration_id=${publicId}&limit=1000`,
    ...conversions.map((one) => `/v1/conversions/cnv_${one.id}/trail`),
  ];
  const read: Record<string, string> = {};
  for (const url of urls) {
    const { status, text } = await world.call('GET', url);
    expect(status).toBe(200);
    read[url] = text;
  }
  return read;
}

test('sums, feed, lists and trails are the same after everything old was dropped, and decisions come out the same again', async () => {
  const connected = await fullRun();
  for (let n = 1; n <= 9; n += 1) await world.sendClick(connected, `nobody-${n}`, `Nobody0${n}`);
  await world.sendMessages(connected, 'Nobody01', 'Nobody02');
  await world.settle();
  const longAgo = new Date(Date.now() - 3 * 365 * DAY_MS);
  for (const table of ['clicks', 'messages'] as const) {
    await world.db.updateTable(table).set({ received_at: longAgo }).execute();
  }
  await world.db.updateTable('sync_runs').set({ finished_at: longAgo }).where('finished_at', 'is not', null).execute();
  await world.db.updateTable('integration_log').set({ at: longAgo }).execute();
  const before = await readBooks(connected);
  await world.db.updateTable('retention_passes').set({ finished_at: null }).execute();
  const dropped: Record<string, number> = {};
  await dropOld({
    ...{ db: world.db, clicksDays: 400, logDays: 400, signal: new AbortController().signal },
    onDropped: (table, rows) => void (dropped[table] = (dropped[table] ?? 0) + rows),
    onFailed(table, error) {
      throw new Error(`${table} could not be passed over`, { cause: error });
    },
    onLongWindows: () => undefined,
  });
  // The only run that ended is the re-attribution, which stays.
  expect(dropped).toMatchObject({ clicks: 9, messages: 2, sync_runs: 0 });
  expect(await readBooks(connected)).toEqual(before);
  let decisions = 0;
  for (const [url, text] of Object.entries(before)) {
    if (!url.endsWith('/trail')) continue;
    const trail = JSON.parse(text) as TrailJson;
    for (const decision of trail.decisions) {
      const again = recomputeDecision(trail, trail.conversion.id, decision);
      expect(again.found).toMatchObject({ method: decision.evidence['method'], reason: decision.evidence['reason'] });
      decisions += 1;
    }
  }
  expect(decisions).toBeGreaterThan(10);
  // What is settled again after that finds what it found.
  const transactions = await world.db
    .selectFrom('conversions')
    .select(['integration_id', 'transaction_id'])
    .distinct()
    .execute();
  await world.db
    .insertInto('due_transactions')
    .values(transactions.map((one) => ({ ...one, cause: 'pull' as const, background: false })))
    .execute();
  await world.settle();
  expect(await readBooks(connected)).toEqual(before);
});
