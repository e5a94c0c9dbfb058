import { afterEach, describe, expect, test } from '@jest/globals';
import { readReportRow } from '@trackly-tune/domain';
import type { NetworkSpec } from '@trackly-tune/tune-simulator';
import { openConformanceWorld, QUERY, type ConformanceWorld } from './conformance-world.js';
import { success } from '../recorded-bodies.js';

const worlds: ConformanceWorld[] = [];
async function open(spec: Partial<NetworkSpec> = {}): Promise<ConformanceWorld> {
  const world = await openConformanceWorld(spec);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
const OFFERS = { page: 1, limit: 100 };
const CHANGED = { kind: 'updated', fromDay: '2026-05-01', toDay: '2026-05-20', page: 1, limit: 100 } as const;

describe('offers', () => {
  test('quirk 11: null, "" and "0" are no advertiser, while goal "0" is the default goal', async () => {
    const { client, network } = await open({
      offers: [
        { id: '20', name: 'null' },
        { id: '21', name: 'zero' },
        { id: '22', name: 'blank', advertiserId: '' },
        { id: '23', name: 'one', advertiserId: '500' },
      ],
    });
    const { offers } = await client.listOffers(OFFERS);
    expect(offers.map(({ advertiserId }) => advertiserId)).toEqual([null, null, null, '500']);
    network.addConversion({ datetime: '2026-05-02 10:00:00', goalId: '0' });
    expect((await client.getConversions(QUERY)).rows[0]?.['Stat.goal_id']).toBe('0');
  });

  test('quirk 12: the zero date and the negative epoch are no dates', async () => {
    const { client, network, answerNext } = await open();
    network.addConversion({
      datetime: '2026-05-02 10:00:00',
      raw: { 'Stat.datetime': '0000-00-00 00:00:00' },
      unreadable: true,
    });
    const [row] = (await client.getConversions(QUERY)).rows;
    const context = { affiliateId: '1002', defaultCurrency: 'USD', severalCurrencies: false };
    expect(readReportRow(row ?? {}, context)).toMatchObject({ kind: 'unreadable', reason: 'time_unreadable' });
    answerNext(
      success({
        page: 1,
        count: 2,
        pageCount: 1,
        data: {
          '1': { Conversion: { datetime: '0000-00-00 00:00:00' } },
          '2': { Conversion: { datetime: -62169966000 } },
        },
      }),
    );
    expect(await client.findChangedConversions(CHANGED)).toMatchObject({ days: [], rows: 2, withoutDay: 2 });
  });

  test('quirk 12: an expiration comes in the network’s own words, and TUNE’s own verdict in all its spellings', async () => {
    const { client } = await open({
      offers: [
        { id: '1', name: 'zero date' },
        { id: '2', name: 'null', expirationDate: null, isExpired: null },
        { id: '3', name: 'blank', expirationDate: '', isExpired: '' },
        { id: '4', name: 'long past, status left', status: 'pending', expirationDate: '2020-03-08 02:30:00' },
        { id: '5', name: 'to come', expirationDate: '2096-01-01 00:00:00' },
        { id: '6', name: 'true', isExpired: true },
        { id: '7', name: 'number', isExpired: 1 },
        { id: '8', name: 'neither', isExpired: 'perhaps' },
      ],
    });
    const { offers } = await client.listOffers(OFFERS);
    expect(offers.map(({ expirationDate, isExpired }) => [expirationDate, isExpired])).toEqual([
      ['0000-00-00 00:00:00', false],
      [null, false],
      [null, false],
      ['2020-03-08 02:30:00', true],
      ['2096-01-01 00:00:00', false],
      ['0000-00-00 00:00:00', true],
      ['0000-00-00 00:00:00', true],
      ['0000-00-00 00:00:00', false],
    ]);
    expect(offers[3]?.tuneStatus).toBe('pending');
  });

  test('quirk 14: `modified` is neither asked by nor handed out, since it is no exact cursor', async () => {
    const { client, sent } = await open();
    const [offer] = (await client.listOffers(OFFERS)).offers;
    expect(Object.keys(offer ?? {})).not.toContain('modified');
    expect(sent[0]?.raw).not.toContain('modified');
    expect(sent[0]?.params['filters']).toBeUndefined();
  });

  test('quirk 15: both payouts and the type that decides between them are handed out; what the network earns is not', async () => {
    const { client } = await open();
    const { offers } = await client.listOffers(OFFERS);
    expect(offers.find(({ externalId }) => externalId === '14')).toMatchObject({
      defaultPayout: '900.00000',
      percentPayout: '90.00',
      payoutType: 'cpa_flat',
    });
    expect(JSON.stringify(offers)).not.toContain('max_payout');
  });

  test('quirk 16: deleted, paused and expired offers come too, with their status', async () => {
    const { client } = await open({
      offers: ['active', 'paused', 'pending', 'expired', 'deleted'].map((status, index) => ({
        id: String(index + 1),
        name: status,
        status,
      })),
    });
    const { offers } = await client.listOffers(OFFERS);
    expect(offers.map(({ tuneStatus }) => tuneStatus)).toEqual(['active', 'paused', 'pending', 'expired', 'deleted']);
  });

  test('quirk 33: HTML and any Unicode in names come out unchanged', async () => {
    const name = 'Žluťoučký <b>kůň</b> & "friends" 🐎 / \\ ';
    const { client } = await open({ offers: [{ id: '1', name }] });
    expect((await client.listOffers(OFFERS)).offers[0]?.name).toBe(name);
  });

  test('quirk 34: a destination with macros, or without a scheme, is kept as it is', async () => {
    const urls = ['http://shop.example/{offer_id}?t={transaction_id}&x={not known}', 'shop.example/without-scheme'];
    const { client } = await open({
      offers: urls.map((offerUrl, index) => ({ id: String(index + 1), name: 'x', offerUrl })),
    });
    expect((await client.listOffers(OFFERS)).offers.map(({ offerUrl }) => offerUrl)).toEqual(urls);
  });
});

describe('the network', () => {
  test('quirk 29: nothing is asked that answers an unknown affiliate with everything; affiliates are looked up by id', async () => {
    const { client, sent } = await open();
    await client.getConversions(QUERY);
    await client.listOffers(OFFERS);
    await client.findChangedConversions(CHANGED);
    await client.getTimeZone();
    await client.getDefaultCurrency();
    await client.getActiveCurrencies();
    expect(await client.findAffiliate('1002')).toMatchObject({ id: '1002' });
    expect(await client.findAffiliate('999')).toBeNull();
    const methods = sent.map(({ params }) => `${String(params['Target'])}::${String(params['Method'])}`);
    expect(methods).not.toContain('Affiliate::getApprovedOfferIds');
    expect(methods).toContain('Affiliate::findById');
  });

  test('quirk 31: only the API host is asked, never where links or people go', async () => {
    const { client, sent } = await open();
    await client.getConversions(QUERY);
    await client.listOffers(OFFERS);
    for (const { path } of sent) expect(path).toBe('/demo/Apiv3/json');
  });

  test('quirk 35: the host is a setting and ids are opaque, so that a network that moved is only configured anew', async () => {
    const { open: openClient, sent, network } = await open({ affiliates: [{ id: '70001' }] });
    network.addConversion({ datetime: '2026-05-02 10:00:00', affiliateId: '70001' });
    const moved = openClient('demo', '{line}/Apiv3/json');
    expect((await moved.getConversions({ ...QUERY, affiliateId: '70001' })).rows).toHaveLength(1);
    expect(sent.at(-1)).toMatchObject({ path: '/Apiv3/json', params: { NetworkId: 'demo' } });
  });
});
