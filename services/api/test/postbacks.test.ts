import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { toPublicId } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld, type Reply } from './api-world.js';

let world: ApiWorld;
let integrationId: bigint;
let integration: string;
beforeAll(async () => {
  world = await startApiWorld();
  integrationId = (await addIntegration(world.db, { accountId: 'acme', messageIdField: 'aff_sub2', currency: 'EUR' }))
    .id;
  integration = toPublicId('integration', integrationId);
});
afterAll(() => world.close());

let offers = 0;

/** An offer with its public id and its postback URL. */
async function addOffer(): Promise<{ id: string; url: URL; secret: string }> {
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO offers (integration_id, external_id, name, tracking_url, status)
    VALUES (${integrationId}, ${`x${++offers}`}, 'An offer', 'https://x.example.com', 'active')
    RETURNING id`.execute(world.db);
  const id = toPublicId('offer', rows[0]!.id);
  return { id, ...(await urlOf(id)) };
}

async function urlOf(id: string): Promise<{ url: URL; secret: string }> {
  const { status, body } = await world.call('GET', `/v1/offers/${id}/postback-config`, { key: 'acme' });
  expect(status).toBe(200);
  const url = new URL(body['url'] as string);
  return { url, secret: url.searchParams.get('postback_secret') ?? '' };
}

/** Calls a URL as TUNE would, with some of its parameters filled or changed; null leaves one out. */
function fire(url: URL, changes: Record<string, string | null> = {}): Promise<Reply> {
  const called = new URL(url);
  for (const [name, value] of Object.entries({ txn_id: 'T1', affiliate_id: '3', revenue: '2.5', ...changes })) {
    if (value === null) called.searchParams.delete(name);
    else called.searchParams.set(name, value);
  }
  return world.call('GET', `${called.pathname}${called.search}`, { key: null });
}

const ACCEPTED = { success: true, status: 'accepted' };
const DUPLICATE = { success: true, status: 'duplicate' };

async function stored(offerId: string) {
  const { rows } = await sql<{ said: Record<string, unknown>; refused_code: string | null; currency: string }>`
    SELECT said, refused_code, currency FROM postbacks
    WHERE offer_id = ${BigInt(offerId.slice(4))} ORDER BY id`.execute(world.db);
  return rows;
}

describe('the postback URL of an offer', () => {
  test('is ready for the fields of the integration, and explains itself', async () => {
    const { id, url } = await addOffer();
    expect(decodeURIComponent(url.search)).toContain('message_id={aff_sub2}&click_id={aff_click_id}');
    const { body } = await world.call('GET', `/v1/offers/${id}/postback-config`, { key: 'acme' });
    expect(body).toMatchObject({ method: 'GET', secrets: [{ expires_at: null }] });
    expect((body['parameters'] as { name: string; description: string }[]).every((one) => one.description)).toBe(true);
  });

  test('stays the same however often it is asked for, and shows another account nothing', async () => {
    const { id, url } = await addOffer();
    expect((await urlOf(id)).url.href).toBe(url.href);
    expect((await world.call('GET', `/v1/offers/${id}/postback-config`, { key: 'other' })).status).toBe(404);
    expect((await world.call('GET', `/v1/offers/${id}/postback-config`, { key: null })).status).toBe(401);
  });

  test('takes parameters of a person, but none that it needs itself', async () => {
    const { id } = await addOffer();
    const path = `/v1/offers/${id}/postback-config`;
    const payload = { extra_parameters: { currency: '{currency}', country: '{country_code}' } };
    const { body } = await world.call('PATCH', path, { key: 'acme', payload });
    expect(body['url']).toContain('&country={country_code}&currency={currency}&');
    const refused = { extra_parameters: { postback_secret: 'mine' } };
    expect((await world.call('PATCH', path, { key: 'acme', payload: refused })).status).toBe(400);
  });
});

describe('a postback', () => {
  test('is accepted once it is stored, and is a duplicate when it comes again, by query and by form', async () => {
    const { id, url, secret } = await addOffer();
    expect(await fire(url)).toMatchObject({ status: 200, body: ACCEPTED });
    expect(await fire(url)).toMatchObject({ status: 200, body: DUPLICATE });
    const form = { offer_id: id, postback_secret: secret, txn_id: 'T1', affiliate_id: '3', revenue: '2.50' };
    const reply = await world.call('POST', '/conv/offer', {
      key: null,
      payload: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(reply).toMatchObject({ status: 200, body: DUPLICATE });
    expect(await stored(id)).toEqual([
      {
        refused_code: null,
        currency: 'EUR',
        said: {
          txn_id: 'T1',
          click_id: null,
          message_id: null,
          goal_id: null,
          event: null,
          status: 'approved',
          amount: '2.5',
          currency: null,
        },
      },
    ]);
  });

  test('without an amount is accepted, with an unreadable or blank one it is 422 and kept with the reason', async () => {
    const { id, url, secret } = await addOffer();
    expect(await fire(url, { revenue: '{payout}' })).toMatchObject({ status: 200, body: ACCEPTED });
    expect(await fire(url, { revenue: null, txn_id: 'T2' })).toMatchObject({ status: 200, body: ACCEPTED });
    expect(await fire(url, { revenue: '1,5' })).toMatchObject({ status: 422, body: { code: 'amount_unreadable' } });
    expect(await fire(url, { revenue: '' })).toMatchObject({ status: 422, body: { code: 'amount_unreadable' } });
    expect(await fire(url, { affiliate_id: '4' })).toMatchObject({ status: 422, body: { code: 'other_affiliate' } });
    const rows = await stored(id);
    expect(rows.map((row) => row.refused_code)).toEqual([
      null,
      null,
      'amount_unreadable',
      'amount_unreadable',
      'other_affiliate',
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const list = await world.call('GET', `/v1/integrations/${integration}/postbacks?status=refused&limit=2`);
    expect(list.body).toMatchObject({
      data: [{ code: 'amount_unreadable', offer_id: id, state: null }, { said: { revenue: '' } }],
    });
    const next = await world.call(
      'GET',
      `/v1/integrations/${integration}/postbacks?status=refused&after=${list.body['next'] as string}`,
    );
    expect(next.body).toMatchObject({ data: [{ code: 'other_affiliate' }], next: null });
  });

  test('of an amount of 10^12 or a currency that does not exist is 422 and kept; the greatest amount is taken', async () => {
    const { id, url } = await addOffer();
    const revenue = '999999999999.99999';
    expect(await fire(url, { revenue })).toMatchObject({ status: 200, body: ACCEPTED });
    for (const [changes, code] of [
      [{ revenue: '1000000000000' }, 'amount_too_large'],
      [{ revenue: '-1000000000000', event: 'refund' }, 'amount_too_large'],
      [{ currency: 'XXQ' }, 'currency_unreadable'],
    ] as const) {
      expect(await fire(url, changes)).toMatchObject({ status: 422, body: { code } });
    }
    expect((await stored(id)).map((row) => row.refused_code)).toEqual([
      null,
      'amount_too_large',
      'amount_too_large',
      'currency_unreadable',
    ]);
  });

  test('is the same with blanks and line ends around its ids and zeros behind its amount', async () => {
    const { id, url } = await addOffer();
    expect(await fire(url, { revenue: '1.23456' })).toMatchObject({ status: 200, body: ACCEPTED });
    const same = { offer_id: ` ${id}\r\n`, txn_id: ' T1\n', affiliate_id: '\t3', revenue: '1.2345600' };
    expect(await fire(url, same)).toMatchObject({ status: 200, body: DUPLICATE });
  });

  test.each(['__proto__', 'constructor', 'valueOf', 'hasOwnProperty'])(
    'with a field named %s in its body is judged like any other',
    async (name) => {
      const { id, url, secret } = await addOffer();
      const post = (fields: string, type: string) =>
        world.call('POST', '/conv/offer', { key: null, payload: fields, headers: { 'content-type': type } });
      const form = (revenue: string) =>
        new URLSearchParams([
          ...Object.entries({ offer_id: id, postback_secret: secret, txn_id: 'P1', affiliate_id: '3', revenue }),
          [name, 'x'],
        ]).toString();
      expect(await post(form('1'), 'application/x-www-form-urlencoded')).toMatchObject({ status: 200, body: ACCEPTED });
      const json = JSON.stringify(Object.fromEntries(new URLSearchParams(form('1,5'))));
      expect(await post(json, 'application/json')).toMatchObject({ status: 422, body: { code: 'amount_unreadable' } });
      const refused = await post(form('1,5'), 'application/x-www-form-urlencoded');
      expect(refused).toMatchObject({ status: 422, body: { code: 'amount_unreadable' } });
      expect(url.searchParams.get('offer_id')).toBe(id);
    },
  );

  test('with a wrong or missing secret is 401 and with an unknown offer 404; nothing is kept of either', async () => {
    const { id, url } = await addOffer();
    expect(await fire(url, { postback_secret: 'guess' })).toMatchObject({
      status: 401,
      body: { code: 'secret_wrong' },
    });
    expect(await fire(url, { postback_secret: null })).toMatchObject({ status: 401 });
    expect(await fire(url, { postback_secret: '' })).toMatchObject({ status: 401 });
    for (const offerId of ['ofr_999999', 'x', '', '1']) {
      expect(await fire(url, { offer_id: offerId })).toMatchObject({ status: 404, body: { code: 'offer_not_found' } });
    }
    expect(await stored(id)).toEqual([]);
  });

  test('of the secret of another offer is 401', async () => {
    const [mine, theirs] = [await addOffer(), await addOffer()];
    expect(await fire(mine.url, { postback_secret: theirs.secret })).toMatchObject({ status: 401 });
  });

  test('is not booked by a look at the URL', async () => {
    const { id, url } = await addOffer();
    const called = new URL(url);
    called.searchParams.set('txn_id', 'T1');
    const response = await world.app.inject({ method: 'HEAD', url: `${called.pathname}${called.search}` });
    expect(response.statusCode).toBe(405);
    expect(await stored(id)).toEqual([]);
  });

  test('gets an answer of its own when one commit serves many, and all of them are there', async () => {
    const { id, url } = await addOffer();
    const replies = await Promise.all(
      Array.from({ length: 300 }, (_, n) => fire(url, { txn_id: `T${n % 200}`, revenue: n === 7 ? 'x' : '1' })),
    );
    expect(replies.filter(({ body }) => body['status'] === 'accepted')).toHaveLength(200);
    expect(replies.filter(({ body }) => body['status'] === 'duplicate')).toHaveLength(99);
    expect(replies[7]).toMatchObject({ status: 422 });
    const { rows } = await sql<{ rows: number; commits: number }>`
      SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS commits FROM postbacks
      WHERE offer_id = ${BigInt(id.slice(4))}`.execute(world.db);
    expect(rows[0]?.rows).toBe(201);
    expect(rows[0]?.commits).toBeLessThan(60);
  });
});

describe('rotating a secret', () => {
  const rotate = (id: string, payload: object, headers: Record<string, string> = {}) =>
    world.call('POST', `/v1/offers/${id}/postback-config/rotate-secret`, { key: 'acme', payload, headers });

  test('leaves the one before valid for the overlap, and never more than two', async () => {
    const { id, url, secret } = await addOffer();
    const first = await rotate(id, { overlap_hours: 2 });
    expect(first.status).toBe(200);
    const next = new URL(first.body['url'] as string);
    expect(next.searchParams.get('postback_secret')).not.toBe(secret);
    expect(await fire(url, { txn_id: 'T1' })).toMatchObject({ status: 200 });
    expect(await fire(next, { txn_id: 'T2' })).toMatchObject({ status: 200 });
    const second = await rotate(id, { overlap_hours: 2 });
    expect(second.body['secrets']).toHaveLength(2);
    expect(await fire(url, { txn_id: 'T3' })).toMatchObject({ status: 401 });
    expect(await fire(next, { txn_id: 'T4' })).toMatchObject({ status: 200 });
  });

  test('without an overlap ends the one before at once', async () => {
    const { id, url } = await addOffer();
    await fire(url);
    const { body } = await rotate(id, { overlap_hours: 0 });
    expect(await fire(url, { txn_id: 'T2' })).toMatchObject({ status: 401 });
    expect(await fire(new URL(body['url'] as string), { txn_id: 'T2' })).toMatchObject({ status: 200 });
    expect(body['secrets']).toHaveLength(1);
  });

  test('under one Idempotency-Key happens once, and no secret is kept with the answer', async () => {
    const { id } = await addOffer();
    const headers = { 'idempotency-key': `rotate-${id}` };
    const first = await rotate(id, { overlap_hours: 1 }, headers);
    const again = await rotate(id, { overlap_hours: 1 }, headers);
    expect(again.body).toEqual(first.body);
    const secret = new URL(first.body['url'] as string).searchParams.get('postback_secret')!;
    const { rows } = await sql<{ text: string }>`
      SELECT concat(i, s) AS text FROM idempotency_keys i, postback_secrets s`.execute(world.db);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

test('while PostgreSQL is away a postback is 503 with Retry-After', async () => {
  const away = await startApiWorld({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' });
  const reply = await away.call('GET', '/conv/offer?offer_id=ofr_1&postback_secret=x&txn_id=T1', { key: null });
  await away.close();
  expect(reply).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
});

test('while Redis is away postbacks are taken; refusals are counted by the minute; no log holds a secret', async () => {
  const { id, url, secret } = await addOffer();
  await world.queues.close();
  expect(await fire(url)).toMatchObject({ status: 200, body: ACCEPTED });
  expect(await fire(url)).toMatchObject({ status: 200, body: DUPLICATE });
  await fire(url, { postback_secret: 'a-guess' });
  await fire(url, { postback_secret: 'a-guess' });
  await fire(url, { offer_id: 'ofr_999999' });
  await world.intake.close();
  const { rows } = await sql<{ offer_id: bigint | null; code: string; count: bigint }>`
    SELECT offer_id, code, sum(count)::bigint AS count FROM postback_counts
    WHERE offer_id = ${BigInt(id.slice(4))} OR offer_id IS NULL GROUP BY 1, 2 ORDER BY code`.execute(world.db);
  expect(rows).toContainEqual({ offer_id: BigInt(id.slice(4)), code: 'secret_wrong', count: 2n });
  expect(rows).toContainEqual({ offer_id: BigInt(id.slice(4)), code: 'duplicate', count: 1n });
  expect(rows.find((row) => row.offer_id === null)).toMatchObject({ code: 'offer_not_found' });
  expect(world.lines.length).toBeGreaterThan(100);
  expect(world.lines.filter((line) => line.includes(secret) || line.includes('a-guess'))).toEqual([]);
});
