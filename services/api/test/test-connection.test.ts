import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultDetail, FaultKind, NetworkSpec, TuneSimulator } from '@trackly-tune/tune-simulator';
import { startIntegrationsApp, type IntegrationsApp } from './integrations-app.js';
import { startSimulatedTune } from './simulated-tune.js';

const TOKEN = 'NETs3cretT0kenForTests';
const NAMES = ['network', 'token', 'affiliate', 'offers_access', 'report_access', 'message_id_field', 'click_id'];

let simulator: TuneSimulator;
let world: IntegrationsApp;
let made = 0;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const simulated = await startSimulatedTune({
    // A bound that is reached long before the time is over, on a busy machine too.
    limits: { requestTimeoutMs: 1_000, responseBytesMax: 1024 * 1024, responseValuesMax: 10_000 },
  });
  closers.push(() => simulated.close());
  simulator = simulated.simulator;
  world = await startIntegrationsApp({ tune: simulated.tune });
  closers.push(() => world.close());
  const sent_at = new Date('2026-01-01T00:00:00Z');
  await world.db
    .insertInto('messages')
    .values(['message1', 'message2'].map((message_id) => ({ account_id: 'acc', message_id, sent_at })))
    .execute();
  await world.db
    .insertInto('clicks')
    .values({ account_id: 'acc', click_id: 'click-1', message_id: 'message1', clicked_at: sent_at })
    .execute();
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const network = (spec: Partial<NetworkSpec> = {}) =>
  simulator.addNetwork({ id: `network-${++made}`, token: TOKEN, rateLimit: null, ...spec });
const today = () => new Date().toISOString().slice(0, 10);
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

interface Check {
  name: string;
  ok: boolean;
  code: string;
  message: string;
}
/** Tests a connection and returns what is not as it should be, by name; the rest is held to be ok. */
async function tryOut(networkId: string, rest: object = {}) {
  const { status, body, text } = await world.call('POST', '/v1/integrations/test-connection', {
    account_id: 'acc',
    network_id: networkId,
    network_token: TOKEN,
    affiliate_id: '1002',
    ...rest,
  });
  expect(status).toBe(200);
  expect(text).not.toContain(TOKEN);
  const checks = body['checks'] as Check[];
  expect(checks.map(({ name }) => name)).toEqual(NAMES);
  for (const { message } of checks) expect(message.length).toBeGreaterThan(10);
  expect(body['ok']).toBe(checks.every(({ ok }) => ok));
  const codes = Object.fromEntries(checks.map(({ name, code }) => [name, code]));
  return { ok: body['ok'], codes, checks, byName: Object.fromEntries(checks.map((check) => [check.name, check])) };
}
const after = (name: string, code: string) =>
  Object.fromEntries(
    NAMES.map((one) => [one, one === name ? code : NAMES.indexOf(one) < NAMES.indexOf(name) ? 'ok' : 'skipped']),
  );

describe('a good connection', () => {
  test('is ok in every check, saved or not', async () => {
    const { id, plantConversions } = network();
    plantConversions({
      count: 20,
      from: yesterday(),
      to: today(),
      messageIds: ['message1', 'message2'],
      clicks: [{ clickId: 'click-1', messageId: 'message1' }],
    });
    const { ok, codes } = await tryOut(id);
    expect({ ok, codes }).toEqual({ ok: true, codes: Object.fromEntries(NAMES.map((name) => [name, 'ok'])) });
    const created = await world.call('POST', '/v1/integrations', {
      account_id: 'acc',
      name: 'A network',
      network_id: id,
      network_token: TOKEN,
      base_url: 'https://clicks.example.com',
      affiliate_id: '1002',
    });
    const saved = await world.call('POST', `/v1/integrations/${String(created.body['id'])}/test-connection`);
    expect(saved).toMatchObject({ status: 200, body: { ok: true } });
    expect(saved.text).not.toContain(TOKEN);
  });

  test('without conversions is ok, and says that there was nothing to judge by', async () => {
    const { ok, codes } = await tryOut(network().id);
    expect(ok).toBe(true);
    expect(codes).toMatchObject({ message_id_field: 'no_recent_conversions', click_id: 'no_recent_conversions' });
  });
});

describe('what is wrong is told apart:', () => {
  test('the network id', async () => {
    expect((await tryOut('no-such-network')).codes).toEqual(after('network', 'network_not_found'));
  });

  test('the token', async () => {
    const wrong = await tryOut(network().id, { network_token: 'NETwrongTokenOfSomebody' });
    expect(wrong.codes).toEqual(after('token', 'token_rejected'));
    expect(JSON.stringify(wrong.checks)).not.toContain('NETwrongTokenOfSomebody');
  });

  test('the address, which is named', async () => {
    const { codes, byName } = await tryOut(network({ ipAllowed: false }).id);
    expect(codes).toEqual(after('token', 'ip_not_allowed'));
    expect(byName['token']?.message).toMatch(/address [0-9a-f:.]+ to the IP whitelist/);
  });

  test('the rate limit', async () => {
    const { id } = network();
    simulator.faults.next('rate_limit', { network: id, times: 5 });
    expect((await tryOut(id)).codes).toEqual(after('token', 'rate_limited'));
  });

  test.each([
    ['reset', 'unreachable'],
    ['hang', 'unreachable'],
    ['unavailable', 'service_unavailable'],
  ] as const)('an API that fails by %s, which ends the test', async (fault, code) => {
    const { id } = network();
    simulator.faults.next(fault, { network: id, times: 10 });
    expect((await tryOut(id)).codes).toEqual(after('network', code));
  });

  test.each<[FaultKind, string, RegExp, FaultDetail?]>([
    ['html', 'not_tune', /HTTP 200/],
    ['redirect', 'not_tune', /HTTP 302/],
    ['proxy_page', 'not_tune', /HTTP 403/],
    ['proxy_page', 'not_tune', /HTTP 401/, { status: 401 }],
    ['proxy_page', 'not_tune', /HTTP 407/, { status: 407 }],
    ['proxy_page', 'not_tune', /HTTP 502/, { status: 502 }],
    ['server_error', 'not_tune', /HTTP 500/],
    ['other_json', 'not_tune', /HTTP 200/],
    ['truncated', 'response_truncated', /breaks off/],
    ['cut_off', 'response_truncated', /breaks off/],
    ['slow', 'response_truncated', /took too long/, { durationMs: 60_000 }],
    ['gateway_timeout', 'gateway_timeout', /HTTP 504/],
    ['database_error', 'tune_database_error', /TUNE says: There was a database error/],
    ['odd_refusal', 'tune_error', /TUNE says: The account is being moved to another shelf/],
    ['odd_refusal', 'tune_error', /TUNE says: Sorry, \*\*\* is asleep/, { text: `Sorry, ${TOKEN} is asleep` }],
    ['wrong_content', 'unexpected_answer', /hold no id/],
    ['huge', 'response_too_large', /too large to be read/, { bytes: 2 * 1024 * 1024 }],
    ['huge', 'response_too_large', /too large/, { bytes: 400_000, filling: 'empty_objects' }],
    ['huge', 'response_too_large', /too large/, { bytes: 2 * 1024 * 1024, filling: 'blanks', packed: true }],
    ['huge', 'not_tune', /nested more than 100 levels/, { bytes: 500_000, filling: 'brackets' }],
    ['status_missing', 'unexpected_answer', /neither with a status nor with an error/],
  ])('an answer that shows nothing: %s is %s, and no check is ok', async (fault, code, words, detail = {}) => {
    const { id } = network();
    simulator.faults.next(fault, { network: id, times: 20, ...detail });
    const { checks, byName } = await tryOut(id);
    expect(checks.filter(({ ok }) => ok)).toEqual([]);
    expect(byName['network']).toMatchObject({ code });
    expect(byName['network']?.message).toMatch(words);
    expect(byName['token']).toMatchObject({ code: 'skipped' });
    // What was asked for has the code of what came instead; the rest was not asked for.
    const rest = checks.slice(2).map(({ code: one }) => one);
    expect(rest).toEqual([code, code, code, 'skipped', 'skipped']);
  });

  test.each([(text: string) => text.replaceAll('&', '&amp;'), (text: string) => text.replaceAll('&', '\\u0026')])(
    'no token stands in what TUNE says, however it comes back',
    async (spell) => {
      const token = 'NETa&b/c';
      const { id } = network({ token });
      simulator.faults.next('odd_refusal', { network: id, times: 20, text: `Sorry, ${spell(token)} is asleep` });
      const { byName } = await tryOut(id, { network_token: token });
      expect(byName['network']?.message).toMatch(/Sorry, \*\*\* is asleep/);
    },
  );

  test('one answer of TUNE shows network and token, whatever became of the other calls', async () => {
    const { id } = network();
    simulator.faults.next('proxy_page', { network: id, times: 10, method: 'Offer::findAll' });
    simulator.faults.next('odd_refusal', { network: id, times: 10, method: 'Affiliate::findById' });
    const { codes, ok } = await tryOut(id);
    expect(ok).toBe(false);
    expect(codes).toMatchObject({
      network: 'ok',
      token: 'ok',
      affiliate: 'tune_error',
      offers_access: 'not_tune',
      report_access: 'ok',
    });
  });

  test('too many calls, said by a proxy: nothing is known of the network', async () => {
    const { id } = network();
    simulator.faults.next('proxy_page', { network: id, times: 5, status: 429 });
    expect((await tryOut(id)).codes).toEqual(after('network', 'rate_limited'));
  });

  test('the affiliate', async () => {
    const { id, plantConversions } = network();
    plantConversions({ count: 3, from: yesterday(), to: today(), messageIds: ['message1'] });
    expect((await tryOut(id, { affiliate_id: '4711' })).codes).toEqual({
      ...Object.fromEntries(NAMES.map((name) => [name, 'ok'])),
      affiliate: 'affiliate_not_found',
      message_id_field: 'skipped',
      click_id: 'skipped',
    });
  });

  test.each([
    ['Offer::findAll', { offers_access: 'permission_denied' }],
    ['Affiliate::findById', { affiliate: 'permission_denied' }],
    [
      'Report::getConversions',
      { report_access: 'permission_denied', message_id_field: 'skipped', click_id: 'skipped' },
    ],
  ])('a missing permission for %s, which leaves the other checks', async (method, codes) => {
    const { id } = network({ capabilities: { [method]: false } });
    const nothing = { message_id_field: 'no_recent_conversions', click_id: 'no_recent_conversions' };
    const all = Object.fromEntries(NAMES.map((name) => [name, 'ok']));
    expect((await tryOut(id)).codes).toEqual({ ...all, ...nothing, ...codes });
  });

  test('a field that the books cannot do without', async () => {
    const { id } = network({ forbiddenFields: ['Stat.payout'] });
    const { byName } = await tryOut(id);
    expect(byName['report_access']).toMatchObject({ ok: false, code: 'required_field_forbidden' });
    expect(byName['report_access']?.message).toContain('Stat.payout');
  });

  test('a configured field that the network forbids, while others may be forbidden', async () => {
    const { id } = network({
      forbiddenFields: ['ConversionsMobile.affiliate_click_id', 'ConversionsMobile.affiliate_unique1'],
    });
    expect((await tryOut(id)).codes).toMatchObject({ report_access: 'ok', click_id: 'click_id_field_forbidden' });
    expect((await tryOut(id, { click_id_field: null })).ok).toBe(true);
    expect((await tryOut(id, { click_id_field: null, message_id_field: 'affiliate_unique1' })).codes).toMatchObject({
      message_id_field: 'message_id_field_forbidden',
    });
  });
});

describe('the doctor', () => {
  test('finds the field that really carries the message ids, in older conversions too', async () => {
    const { id, plantConversions } = network();
    const day = new Date(Date.now() - 12 * 86_400_000).toISOString().slice(0, 10);
    plantConversions({
      count: 10,
      from: day,
      to: day,
      messageIds: ['message1', 'message2'],
      messageIdField: 'aff_sub4',
    });
    const { ok, byName } = await tryOut(id);
    expect(ok).toBe(false);
    expect(byName['message_id_field']).toMatchObject({ ok: false, code: 'message_id_field_better' });
    expect(byName['message_id_field']?.message).toContain('aff_sub4');
    expect((await tryOut(id, { message_id_field: 'aff_sub4' })).ok).toBe(true);
  });

  test('finds a field that is empty, and one with values that are nobody’s', async () => {
    const { id, plantConversions } = network();
    plantConversions({ count: 5, from: yesterday(), to: today(), messageIds: ['notmine1'], messageIdField: 'source' });
    expect((await tryOut(id)).codes).toMatchObject({ message_id_field: 'message_id_field_empty' });
    expect((await tryOut(id, { message_id_field: 'source' })).codes).toMatchObject({
      message_id_field: 'message_id_field_unknown_values',
    });
  });

  test('does not take messages and clicks of another account for this one’s', async () => {
    const { id, plantConversions } = network();
    plantConversions({ count: 5, from: yesterday(), to: today(), messageIds: ['message1'] });
    expect((await tryOut(id, { account_id: 'somebody-else' })).codes).toMatchObject({
      message_id_field: 'no_messages_known',
      click_id: 'no_clicks_known',
    });
  });
});
