import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkSpec } from '@trackly-tune/tune-simulator';
import {
  everythingOf,
  failureOf,
  openConformanceWorld,
  QUERY,
  TOKEN,
  type ConformanceWorld,
} from './conformance-world.js';
import { FORMAT_NOT_SUPPORTED, NETWORK_ID_NOT_VALID, OFFERS_BARE, refusal } from '../recorded-bodies.js';

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

describe('the envelope', () => {
  test('quirk 1: a refusal over HTTP 200 is a failure', async () => {
    const { client, simulator } = await open();
    simulator.faults.next('permission_denied', { method: 'Report::getConversions' });
    expect(await failureOf(client.getConversions(QUERY))).toMatchObject({ code: 'permission_denied', advice: 'never' });
  });

  test('quirk 2: an error without request, status and data is one, and a missing status never passes for success', async () => {
    const { open: openClient, client, simulator, answerNext } = await open();
    expect((await failureOf(openClient('nobody').getConversions(QUERY))).code).toBe('network_not_found');
    answerNext(NETWORK_ID_NOT_VALID);
    expect((await failureOf(client.getConversions(QUERY))).code).toBe('network_not_found');
    simulator.faults.next('status_missing');
    expect((await failureOf(client.getConversions(QUERY))).code).toBe('unexpected_answer');
  });

  test('quirk 3: errors are understood as a list, an object, a text, under either key and without errorMessage', async () => {
    const { client, answerNext } = await open();
    const limited = 'API usage exceeded rate limit';
    for (const errors of [
      [{ publicMessage: limited }],
      { publicMessage: limited },
      [{ err_msg: limited }],
      { err_msg: limited },
    ]) {
      answerNext(JSON.stringify({ response: { status: -1, httpStatus: 200, data: '', errors } }));
      expect((await failureOf(client.getConversions(QUERY))).code).toBe('rate_limited');
    }
    answerNext(JSON.stringify({ response: { status: -1, data: '', errors: [], errorMessage: limited } }));
    expect((await failureOf(client.getConversions(QUERY))).code).toBe('rate_limited');
    for (const errors of ['[]', '{}']) {
      answerNext(`{"response":{"status":1,"httpStatus":200,"data":[],"errors":${errors}}}`);
      expect((await client.getConversions(QUERY)).rows).toEqual([]);
    }
    answerNext(FORMAT_NOT_SUPPORTED);
    expect((await failureOf(client.getConversions(QUERY))).code).toBe('tune_error');
  });

  test('quirk 4: the token that TUNE repeats in its texts is in nothing that an error shows', async () => {
    const { client, simulator, answerNext } = await open();
    simulator.faults.next('token_rejected');
    const rejected = await failureOf(client.getConversions(QUERY));
    answerNext(refusal(`Something new about ${TOKEN} and ${encodeURIComponent(TOKEN)}`, TOKEN));
    const unknown = await failureOf(client.getConversions(QUERY));
    expect(rejected.code).toBe('token_rejected');
    for (const error of [rejected, unknown]) {
      expect(everythingOf(error)).not.toContain(TOKEN);
      expect(everythingOf(error)).not.toContain(encodeURIComponent(TOKEN));
      expect(everythingOf(error)).not.toContain('s3cret');
    }
  });

  test('quirk 5: an empty list in place of an empty map is empty', async () => {
    const { client, answerNext } = await open({ offers: [{ id: '1', name: 'Without an advertiser' }] });
    expect((await client.getConversions(QUERY)).rows).toEqual([]);
    expect((await client.listOffers(OFFERS)).offers).toMatchObject([{ externalId: '1', advertiserName: null }]);
    answerNext('{"response":{"status":1,"httpStatus":200,"data":[],"errors":[],"errorMessage":null}}');
    expect((await client.listOffers(OFFERS)).offers).toEqual([]);
  });

  test('quirk 6: data is "" on errors, null for what is not there, and neither passes for an empty report', async () => {
    const { client, answerNext } = await open();
    expect(await client.findAffiliate('987654')).toBeNull();
    for (const data of ['""', 'null']) {
      answerNext(`{"response":{"status":1,"httpStatus":200,"data":${data},"errors":[]}}`);
      expect((await failureOf(client.getConversions(QUERY))).code).toBe('unexpected_answer');
    }
  });

  test('quirk 7: a list is read with its paging envelope and bare', async () => {
    const { client, answerNext } = await open();
    expect(await client.listOffers(OFFERS)).toMatchObject({ count: 4, pageCount: 1, page: 1 });
    answerNext(OFFERS_BARE);
    expect(await client.listOffers(OFFERS)).toMatchObject({
      count: null,
      pageCount: null,
      offers: [{ externalId: '62' }],
    });
  });

  test('quirk 8: models are a map by id, reports a list; both come out as lists', async () => {
    const { client, network } = await open();
    network.plantConversions({ count: 20, from: '2026-05-02', to: '2026-05-03' });
    const { offers } = await client.listOffers(OFFERS);
    expect(offers.map(({ externalId }) => externalId).sort()).toEqual(['11', '12', '13', '14']);
    const times = (await client.getConversions(QUERY)).rows.map((row) => row['Stat.datetime'] ?? '');
    expect(times).toEqual([...times].sort());
    expect(times).toHaveLength(20);
  });

  test('quirk 9: page as text, count null and a missing pageCount are understood as not known', async () => {
    const { client, network } = await open({ countless: true });
    network.plantConversions({ count: 5, from: '2026-05-02', to: '2026-05-03' });
    const page = await client.getConversions(QUERY);
    expect(page).toMatchObject({ count: null, pageCount: null, page: 1 });
    expect(page.rows).toHaveLength(5);
    expect(await (await open()).client.listOffers({ page: 2, limit: 3 })).toMatchObject({
      page: 2,
      count: 4,
      pageCount: 2,
    });
  });

  test('quirk 10: numbers come as texts, whatever TUNE writes them as, and booleans as "1" and "0"', async () => {
    const { client, network, answerNext } = await open();
    network.plantConversions({ count: 64, from: '2026-05-02', to: '2026-05-03', shares: { adjustment: 0.5 } });
    for (const row of (await client.getConversions(QUERY)).rows) {
      for (const value of Object.values(row)) expect(value === null || typeof value === 'string').toBe(true);
      expect(['0', '1']).toContain(row['Stat.is_adjustment']);
    }
    answerNext(
      '{"response":{"status":1,"data":[{"Stat":{"is_adjustment":true}},{"Stat":{"is_adjustment":false}}],"errors":[]}}',
    );
    const { rows } = await client.getConversions(QUERY);
    expect(rows.map((row) => row['Stat.is_adjustment'])).toEqual(['1', '0']);
  });
});

describe('answers that are not as they should be', () => {
  test('quirk 27: an empty 504, HTML and a broken body are failures with a code; blanks before the JSON are none', async () => {
    const { client, simulator, network } = await open();
    network.plantConversions({ count: 3, from: '2026-05-02', to: '2026-05-03' });
    const expected = { gateway_timeout: 'gateway_timeout', html: 'not_tune', truncated: 'response_truncated' } as const;
    for (const [fault, code] of Object.entries(expected)) {
      simulator.faults.next(fault as keyof typeof expected);
      expect((await failureOf(client.getConversions(QUERY))).code).toBe(code);
    }
    simulator.faults.next('leading_blanks');
    expect((await client.getConversions(QUERY)).rows).toHaveLength(3);
  });

  test('quirk 36: a page number that comes back as another type, and rows that cannot be hydrated, are understood', async () => {
    const { client, network, answerNext } = await open();
    network.plantConversions({ count: 5, from: '2026-05-02', to: '2026-05-03' });
    const second = await client.getConversions({ ...QUERY, page: 2, limit: 2 });
    expect(second).toMatchObject({ page: 2, pageCount: 3 });
    expect(second.rows).toHaveLength(2);
    answerNext(refusal('Failed to hydrate rows: 21'));
    expect(await client.findAffiliate('21')).toBeNull();
  });
});
