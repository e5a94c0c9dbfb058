import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmptyDatabase, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type NewConversion, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { ACCOUNT, connectNetwork, importOffers, type ConnectedNetwork } from '../system/connect-network.js';
import { dayAgo, type NetworkPlan } from '../system/networks.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { pull, type SyncRun } from '../system/sync-runs.js';

const PLAN: NetworkPlan = {
  spec: {
    id: 'oddities',
    token: 'NETofOddities',
    timeZone: 'America/New_York',
    currencies: ['USD', 'EUR'],
    offers: [
      { id: '11', name: 'Garden Box', defaultPayout: '12.50000' },
      { id: '12', name: 'Night Bus', defaultPayout: '3.00000', goals: [{ id: '46', name: 'LEAD', payout: '3.00000' }] },
      { id: '13', name: null, defaultPayout: '1000000000000' },
    ],
  },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
};

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;
let connected: ConnectedNetwork;
let seconds = 0;

beforeAll(async () => {
  database = await createEmptyDatabase();
  simulator = await startTuneSimulator({ networks: [PLAN.spec] });
  const store = testRedis();
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: store.url, queuePrefix: store.prefix },
    tuneApiUrl: simulator.apiUrl,
  });
  await services.ready();
  connected = await connectNetwork(services.api, PLAN, 3);
  // What the integration pulls by itself when it is created is over before the first row is planted.
  await pull(services.api, connected.id);
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

const network = () => simulator.network(PLAN.spec.id);

/** Adds a conversion of two days ago; `raw` is what its row says in place of the truth. */
function add(conversion: Partial<NewConversion> = {}): string {
  seconds += 1;
  const datetime = `${dayAgo(2)} 10:00:${String(seconds % 60).padStart(2, '0')}`;
  return network().addConversion({ datetime, offerId: '11', payout: '10.00000', ...conversion }).tuneEventId;
}

const unreadable = (raw: NonNullable<NewConversion['raw']>): string => add({ raw, unreadable: true });

async function pullAndCompare(): Promise<SyncRun> {
  const run = await pull(services.api, connected.id);
  expect(await differencesOf(services.api, connected, network().books({ affiliateId: '1002' }))).toEqual([]);
  return run;
}

interface Shown {
  readonly id: string;
  readonly external_id: string;
  readonly status: string;
  readonly payout: string | null;
  readonly attribution: { readonly message_id: string | null };
}

async function conversionOf(externalId: string): Promise<Shown> {
  const { data } = await services.api.get<{ data: Shown[] }>(
    `/v1/conversions?integration_id=${connected.id}&limit=1000`,
  );
  const found = data.find(({ external_id }) => external_id === externalId);
  if (found === undefined) throw new Error(`No conversion ${externalId}`);
  return found;
}

const reasonsOf = async (id: string): Promise<string[]> =>
  (
    await services.api.get<{ unreadable_rows: { reason: string }[] }>(`/v1/conversions/${id}/trail`)
  ).unreadable_rows.map(({ reason }) => reason);

describe('rows as networks send them', () => {
  test('whose amounts nobody can believe are kept aside, and everything beside them is booked to the last digit', async () => {
    for (let n = 0; n < 10; n++) unreadable({ 'Stat.payout@USD': '9999999999999.00000' });
    unreadable({ 'Stat.payout@USD': '-1000000000000.00000' });
    unreadable({ 'Stat.payout@USD': '1.0000001' });
    add({ payout: '999999999999.99999' });
    add({ payout: '-999999999999.99999', isAdjustment: true, raw: { 'Stat.is_adjustment': 'true' } });
    add({ payout: '1.23456', raw: { 'Stat.payout@USD': '1.2345600' } });
    const { counts } = await pullAndCompare();
    expect(counts).toMatchObject({ rejected: 12, inserted: 3 });
  }, 120_000);

  test('without a currency are booked in the one whose column is not zero, and never in one that does not exist', async () => {
    const none = { 'Stat.currency': null };
    add({ currency: 'EUR', raw: { ...none, 'Stat.payout@USD': '0.00000' } });
    add({ payout: '0', raw: { 'Stat.currency': '', 'Stat.payout@USD': '0.00000', 'Stat.payout@EUR': '0.00000' } });
    add({ currency: 'EUR', raw: { 'Stat.currency': ' eur\r\n' } });
    unreadable({ ...none, 'Stat.payout@USD': '11.00000', 'Stat.payout@EUR': '10.00000' });
    unreadable({ 'Stat.currency': 'XXQ' });
    const { counts } = await pullAndCompare();
    expect(counts).toMatchObject({ inserted: 3, rejected: 14 });
  }, 120_000);

  test('that were rejected without an amount take back what was booked', async () => {
    const id = add();
    await pullAndCompare();
    network().changeConversion(id, { status: 'rejected', raw: { 'Stat.payout': '', 'Stat.payout@USD': '' } });
    await pullAndCompare();
    expect(await conversionOf(id)).toMatchObject({ status: 'rejected', payout: null });
  }, 120_000);

  test('with a status that nobody knows leave what stood before, and a warning says so', async () => {
    const id = add();
    await pullAndCompare();
    network().changeConversion(id, { raw: { 'Stat.status': 'deleted' } });
    const run = await pullAndCompare();
    const conversion = await conversionOf(id);
    expect(conversion).toMatchObject({ status: 'approved', payout: '10.00000' });
    expect(await reasonsOf(conversion.id)).toEqual(['status_unknown']);
    const { data } = await services.api.get<{ data: { code: string; context: object }[] }>(
      `/v1/integrations/${connected.id}/logs?level=warn&run_id=${run.id}`,
    );
    expect(data.find(({ code }) => code === 'conversions_kept_as_before')?.context).toMatchObject({
      conversions: [conversion.id],
      reasons: ['status_unknown'],
    });
  }, 120_000);

  test('with blanks around their ids find their message', async () => {
    const [message] = connected.facts.messages;
    const records = [{ account_id: ACCOUNT, message_id: ` AbCd1234\n`, sent_at: message?.sent_at }];
    expect(await services.api.insist('POST', '/v1/messages', { records })).toMatchObject({ success_count: 1 });
    const id = add({ expectedMessageId: 'AbCd1234', raw: { 'Stat.affiliate_info1': ' AbCd1234\r\n' } });
    await pullAndCompare();
    expect((await conversionOf(id)).attribution.message_id).toBe('AbCd1234');
  }, 120_000);

  test('that say no adjustment in words are conversions, and one at the end of time stops nothing', async () => {
    add({ raw: { 'Stat.is_adjustment': 'false' } });
    unreadable({ 'Stat.datetime': '9999-12-31 23:59:59' });
    unreadable({ 'Stat.is_adjustment': 'perhaps' });
    await pullAndCompare();
    const whole = `integration_id=${connected.id}&from=1970-01-01&to=9999-12-31`;
    for (const path of ['/v1/revenue?group_by=day&', '/v1/conversions?']) await services.api.get(`${path}${whole}`);
  }, 120_000);
});

test('an offer without a name is called by its id, and one that pays what nobody can believe pays nothing known', async () => {
  const offers = await importOffers(services.api, connected);
  expect(await services.api.get(`/v1/offers/${offers.get('13')}`)).toMatchObject({ name: 'Offer 13', payout: null });
  const { data } = await services.api.get<{ data: { code: string }[] }>(
    `/v1/integrations/${connected.id}/logs?level=warn`,
  );
  expect(data.map(({ code }) => code)).toContain('offer_amounts_unreadable');
}, 120_000);

test('a postback that names its goal by a word and the row that names it by number are one conversion', async () => {
  const offers = await importOffers(services.api, connected);
  const config = await services.api.get<{ url: string }>(`/v1/offers/${offers.get('12')}/postback-config`);
  const id = add({ offerId: '12', goalId: '46', adId: 'transaction-1' });
  const named = config.url.replace('{goal_id}', '{goal_name}');
  const padded = named.replace('{transaction_id}', '%20{transaction_id}%0D%0A');
  expect(await network().firePostbacks(padded, [id])).toMatchObject([{ status: 200 }]);
  const unconfirmed = async () =>
    (
      await services.api.get<{ data: { unconfirmed_revenue: string }[] }>(
        `/v1/revenue?integration_id=${connected.id}&group_by=integration`,
      )
    ).data.some(({ unconfirmed_revenue }) => unconfirmed_revenue === '10.00000');
  await until('the postback is booked', 60_000, unconfirmed);
  await pullAndCompare();
  expect(await unconfirmed()).toBe(false);
}, 120_000);
