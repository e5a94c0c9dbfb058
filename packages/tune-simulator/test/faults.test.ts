import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { FAULT_KINDS, HUGE_FILLINGS, type FaultKind } from '../src/index.js';
import { openWorld, report, type World } from './world.js';

const OFFERS = 'Target=Offer&Method=findAll&limit=2';
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => world.simulator.faults.clear());
afterAll(() => world.simulator.close());

/** What a caller sees: status and body, or that the connection failed. */
async function see(parameters = OFFERS, timeoutMs = 5_000): Promise<{ status: number | null; body: string }> {
  const url = world.simulator.apiUrl.replace('{network_id}', 'demo');
  try {
    const answer = await fetch(`${url}?NetworkToken=NETsecret/1&${parameters}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: null, body: '' };
  }
}

const SEEN: readonly [FaultKind, number | null, RegExp][] = [
  ['rate_limit', 200, /exceeded rate limit\. {2}Configured: 50\\\/10s window; Your usage: 51\./],
  ['gateway_timeout', 504, /^$/],
  ['html', 200, /^<!DOCTYPE html>/],
  ['database_error', 200, /There was a database error with the trackable id \[SE-[0-9a-f]{13}\]\./],
  ['cut_off', null, /^$/],
  ['reset', null, /^$/],
  ['leading_blanks', 200, /^\s+\{"request"/],
  ['ip_not_allowed', 200, /IP 127\.0\.0\.1 is not white-listed/],
  ['network_unknown', 200, /^\{"response":\{"errors":\{"publicMessage":"Network id is not valid"\}/],
  ['token_rejected', 200, /NetworkToken NETsecret\\\/1 is not authenticated/],
  ['permission_denied', 200, /User is not permitted to perform this action/],
  ['server_error', 500, /Internal Server Error/],
  ['wrong_content', 200, /"count":"many"/],
  ['redirect', 302, /^$/],
  ['proxy_page', 403, /^<!DOCTYPE html>/],
  ['unavailable', 503, /^<!DOCTYPE html>/],
  ['other_json', 200, /^\{"ok":true/],
  ['odd_refusal', 200, /"status":-1.*moved to another shelf/],
];

describe('a fault', () => {
  test.each(SEEN)('%s is seen once, then the network is well again', async (kind, status, body) => {
    world.simulator.faults.next(kind);
    const seen = await see();
    expect(seen.status).toBe(status);
    expect(seen.body).toMatch(body);
    expect(JSON.parse((await see()).body)).toMatchObject({ response: { status: 1 } });
  });

  test('truncated ends in the middle of the JSON; status_missing leaves the status out', async () => {
    const { body } = await see();
    world.simulator.faults.next('truncated');
    expect((await see()).body).toBe(body.slice(0, Math.floor(body.length / 2)));
    world.simulator.faults.next('status_missing');
    const answer = JSON.parse((await see()).body) as { response: object };
    expect(answer.response).toHaveProperty('data');
    expect(answer.response).not.toHaveProperty('status');
  });

  test('hang gives no answer; slow gives the right one, late; huge is as long as asked', async () => {
    const { body } = await see();
    world.simulator.faults.next('hang');
    expect((await see(OFFERS, 200)).status).toBeNull();
    world.simulator.faults.next('slow', { durationMs: 200 });
    expect((await see()).body).toBe(body);
    world.simulator.faults.next('huge', { bytes: 1_000_000 });
    expect((await see()).body.length).toBeGreaterThan(1_000_000);
  });

  test('huge is valid JSON of what it is filled with, in pieces as small as asked, also packed', async () => {
    for (const filling of HUGE_FILLINGS) {
      for (const packed of [false, true]) {
        world.simulator.faults.next('huge', { bytes: 100_000, filling, packed, pieceBytes: packed ? 7 : 4_096 });
        const { body } = await see();
        expect(body.length).toBeGreaterThan(99_000);
        expect(JSON.parse(body)).toMatchObject({ response: { status: 1, errorMessage: null } });
      }
    }
  });

  test('long_number writes a payout with very many digits; extra_rows shows more entries than were asked for', async () => {
    world.simulator.faults.next('long_number', { digits: 5_000 });
    expect((await see()).body).toMatch(/"default_payout":1\.0{5000}e1/);
    world.simulator.faults.next('extra_rows', { rows: 50 });
    const { response } = JSON.parse((await see()).body) as { response: { data: { data: object } } };
    expect(Object.keys(response.data.data)).toHaveLength(52);
  });

  test('forbidden_field names the field that was asked for last, or the one it was told', async () => {
    world.simulator.faults.next('forbidden_field', { times: 1 });
    world.simulator.faults.next('forbidden_field', { field: 'Stat.source' });
    const fields = report(['Stat.payout', 'Stat.goal_id']);
    await expect(world.data(fields)).rejects.toThrow("Field 'Stat.goal_id' does not exist");
    await expect(world.data(fields)).rejects.toThrow("Field 'Stat.source' does not exist");
  });

  test('meets only calls of its method and network, after those it skips, as often as it says', async () => {
    const { faults } = world.simulator;
    faults.next('html', { method: 'Affiliate::findAll' });
    faults.next('gateway_timeout', { network: 'other' });
    faults.next('server_error', { method: 'Offer::findAll', skip: 1, times: 2 });
    const seen: (number | null)[] = [];
    for (let n = 0; n < 4; n++) seen.push((await see()).status);
    expect(seen).toEqual([200, 500, 500, 200]);
    expect((await see('Target=Affiliate&Method=findAll')).body).toMatch(/^<!DOCTYPE/);
  });

  test('comes at a rate under a seed, the same calls again under the same seed', async () => {
    const { faults } = world.simulator;
    async function pattern(seed: number): Promise<string> {
      faults.set({ rate: 0.5, kinds: ['server_error', 'gateway_timeout'], seed });
      const seen: (number | null)[] = [];
      for (let n = 0; n < 40; n++) seen.push((await see()).status);
      return seen.join();
    }
    const first = await pattern(7);
    expect(new Set(first.split(','))).toEqual(new Set(['200', '500', '504']));
    expect(await pattern(7)).toBe(first);
    expect(await pattern(8)).not.toBe(first);
  });

  test('of a kind that does not exist is refused', () => {
    expect(() => world.simulator.faults.next('nothing' as FaultKind)).toThrow(RangeError);
    expect(FAULT_KINDS).toHaveLength(31);
  });

  test('redirects lead to a place that counts its visitors', async () => {
    world.simulator.faults.next('redirect');
    expect(world.simulator.redirectsFollowed()).toBe(0);
    await fetch(`${world.simulator.url}/demo/Apiv3/json?Target=Offer&Method=findAll`);
    expect(world.simulator.redirectsFollowed()).toBe(1);
  });
});
