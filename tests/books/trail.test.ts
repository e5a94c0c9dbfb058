import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromPublicId, parseSumE5, RULE_VERSION } from '@trackly-tune/domain';
import { explainDecision } from '../../services/attribution/src/domain/explain-decision.js';
import { row, startBooksWorld, type BooksWorld, type Connected } from './books-world.js';
import { recomputeDecision, type TrailJson } from './recompute-decision.js';

let world: BooksWorld;

beforeAll(async () => {
  world = await startBooksWorld();
});
afterAll(() => world.close());

async function conversionIds({ id }: Connected): Promise<bigint[]> {
  const rows = await world.db.selectFrom('conversions').select('id').where('integration_id', '=', id).execute();
  return rows.map((found) => found.id);
}

async function readTrail(id: bigint): Promise<TrailJson> {
  const { status, body } = await world.call('GET', `/v1/conversions/cnv_${id}/trail`);
  expect(status).toBe(200);
  return body as unknown as TrailJson;
}

/** A run with everything in it: pulls, changes, late clicks and messages, postbacks of every fate, a re-attribution. */
async function fullRun(): Promise<Connected> {
  const connected = await world.connect();
  const pull = (...rows: Parameters<typeof row>[]) => world.pull(connected, ...rows.map((args) => row(...args)));
  await world.sendMessages(connected, 'Msg00001', 'Msg00002', 'Sub00003');
  await pull([1], [2, { status: 'pending' }], [3], [4, { ad_id: 'T1', goal_id: '5' }], [5, { ad_id: null, ids: {} }]);
  await world.settle();
  await world.firePostback(connected, { txn_id: 'T1', goal_id: '5', amount: '1.5', message_id: 'Msg00001' });
  await world.firePostback(connected, { txn_id: 'T1', goal_id: '6', message_id: 'Msg00002', amount: '3' });
  await world.firePostback(connected, { txn_id: 'T1', amount: '7' });
  await world.firePostback(connected, { txn_id: 'T1', event: 'refund', amount: '2' });
  await world.firePostback(connected, { txn_id: 'T2', amount: null });
  await world.firePostback(connected, { txn_id: 'T3', status: 'pending' });
  await world.settle();
  await world.firePostback(connected, { txn_id: 'T3', status: 'approved' });
  await world.sendClick(connected, 'click-1', 'Msg00002');
  await world.sendClick(connected, 'click-3', 'Late0001', '2025-05-01T00:00:00Z');
  await world.sendClick(connected, 'click-2', 'Late0001', '2026-05-03T00:00:00Z');
  await world.settle();
  await world.sendMessages(connected, 'Late0001');
  await world.settle();
  await pull([2, { payout: '2.5' }], [3, { status: 'rejected' }], [6, { ad_id: 'T1', goal_id: '6', payout: '3' }]);
  await pull([7, { ad_id: 'T3', payout: '10', local_time: '2026-03-08 02:30:00' }], [8, { status_code: '21' }]);
  await world.settle();
  await world.call('PATCH', `/v1/integrations/${connected.publicId}`, {
    message_id_field: 'aff_sub2',
    click_window_days: 20,
    time_zone: 'Asia/Tokyo',
  });
  await world.db.updateTable('offers').set({ click_window_days: 7 }).where('id', '=', connected.offerId).execute();
  await world.call('POST', '/v1/reattributions', { integration_id: connected.publicId, dry_run: false });
  await world.settle();
  await pull([4, { ad_id: 'T1', goal_id: '5', payout: '1.6' }], [9]);
  await world.settle();
  return connected;
}

const AMOUNTS = ['revenue', 'unconfirmed_revenue', 'pending_revenue'] as const;
type Entry = Record<string, unknown>;
const sumOf = (entries: readonly Entry[], column: string): bigint =>
  entries.reduce((sum, entry) => sum + (parseSumE5(String(entry[column])) ?? 0n), 0n);
/** `dec_17_2` → 2. */
const numberOf = (decision: unknown): number => Number(String(decision).split('_').at(-1));

test('every decision of a full run can be made again from the trail alone, and books what the trail says', async () => {
  const connected = await fullRun();
  const causes = new Set<string>();
  let decisions = 0;
  for (const id of await conversionIds(connected)) {
    const trail = await readTrail(id);
    expect(trail.complete).toBe(true);
    const histories = [{ ...trail, id: trail.conversion.id }, ...(trail.postback === null ? [] : [trail.postback])];
    for (const history of histories) {
      for (const decision of history.decisions) {
        const { decided_with: _others, ...evidence } = decision.evidence;
        const again = recomputeDecision(trail, history.id, decision);
        // What it books stands in the entries, and when the conversion was in its facts and settings.
        const { booked: _booked, converted_at: _at, ...explained } = explainDecision(again) as Record<string, unknown>;
        expect(JSON.parse(JSON.stringify(explained))).toEqual(evidence);
        const until = history.entries.filter((entry) => numberOf(entry['decision_id']) <= decision.no);
        const { revenue, unconfirmed, pending } = again.booking.worth;
        expect(AMOUNTS.map((column) => sumOf(until, column))).toEqual([revenue, unconfirmed, pending]);
        expect(evidence.rule_version).toBe(RULE_VERSION);
        expect(decision.settings.version).toBe(decision.settings_version);
        causes.add(decision.cause);
        decisions += 1;
      }
      expect(history.entries.every(({ seq }) => typeof seq === 'number')).toBe(true);
    }
  }
  expect(decisions).toBeGreaterThan(30);
  for (const cause of ['changed', 'first_seen', 'late_click', 'late_message', 'postback', 'pull', 'reattribution']) {
    expect(causes).toContain(cause);
  }
});

test('a decision of an earlier rule is made again by that rule', async () => {
  const connected = await world.connect();
  await world.firePostback(connected, { txn_id: 'T1', goal_id: 'LEAD', amount: '1.5' });
  await world.pull(connected, row(1, { ad_id: 'T1', goal_id: '46' }));
  await world.settle();
  const [trail] = await Promise.all((await conversionIds(connected)).slice(-1).map(readTrail));
  const last = trail?.postback?.decisions.at(-1);
  expect(last?.evidence['counting']).toBe('claimed');
  const ofRule = (rule_version: number) =>
    recomputeDecision(trail!, trail!.postback!.id, { ...last!, evidence: { ...last!.evidence, rule_version } });
  expect(ofRule(RULE_VERSION)).toMatchObject({ counting: 'claimed', ruleVersion: RULE_VERSION });
  // Before rule 4 a goal's name was another goal than its number, and both counted.
  expect(ofRule(3)).toMatchObject({ counting: 'approved', ruleVersion: 3, booking: { worth: { revenue: 150_000n } } });
});

test('the trail shows the other records of the transaction, and which of the postbacks was claimed by which row', async () => {
  const connected = await world.connect();
  await world.firePostback(connected, { txn_id: 'T1', amount: '10' });
  await world.firePostback(connected, { txn_id: 'T1', amount: '11' });
  await world.pull(connected, row(1, { ad_id: 'T1', payout: '11' }));
  await world.settle();
  const row1 = await readTrail((await conversionIds(connected))[0]!);
  expect(row1.postback?.versions).toMatchObject([{ facts: { amount: '11' } }]);
  expect(row1.other_records).toMatchObject([{ source: 'postback', counting: 'ambiguous', claimed_by: null }]);
  const ambiguous = await readTrail(fromPublicId('conversion', row1.other_records[0]!.id)!);
  const others = [...ambiguous.other_records].sort((a, b) => (a.record_key ?? '').localeCompare(b.record_key ?? ''));
  expect(others).toMatchObject([
    { source: 'pull', counting: 'approved', claims: row1.postback?.id, versions: [{ facts: { payout: '11' } }] },
    {
      source: 'postback',
      counting: 'claimed',
      claimed_by: row1.conversion.id,
      versions: [{ facts: { amount: '11' } }],
    },
  ]);
});
