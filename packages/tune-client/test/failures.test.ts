import { inspect } from 'node:util';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TuneError } from '@trackly-tune/tune-client';
import {
  FORMAT_NOT_SUPPORTED,
  NETWORK_ID_NOT_VALID,
  OFFERS_BARE,
  RATE_LIMIT_TEXT,
  refusal,
} from './recorded-bodies.js';
import { startTuneWorld, TOKEN, type Reply, type TuneWorld } from './tune-world.js';

let world: TuneWorld;
beforeAll(async () => {
  world = await startTuneWorld();
});
afterAll(() => world.close());

/** What people and logs may see of an error, in every way it can be printed. */
function everythingOf(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return [message, stack, inspect(cause), inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)].join();
}

async function failureOf(work: Promise<unknown>): Promise<TuneError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TuneError);
  const shown = everythingOf(error).toLowerCase();
  for (const spelling of [TOKEN, encodeURIComponent(TOKEN), 's3cret', 'networktoken=', 'apiv3/json?']) {
    expect(shown).not.toContain(spelling.toLowerCase());
  }
  return error as TuneError;
}

const list = (world: TuneWorld) => world.open().listOffers({ page: 1, limit: 10 });

describe('what TUNE says', () => {
  test.each<[string, string, string, number?]>([
    [`NetworkToken ${TOKEN} is not authenticated`, 'token_rejected', 'never'],
    ['Invalid Authorization', 'token_rejected', 'never'],
    ['JWT is not valid or missing', 'token_rejected', 'never'],
    ['Network id is not valid', 'network_not_found', 'never'],
    ['NetworkId FAKE_NETWORK_ID is not found', 'network_not_found', 'never'],
    [
      'IP 178.161.91.191 is not white-listed. Please enable it in the application, Support => API',
      'ip_not_allowed',
      'never',
    ],
    ['User is not permitted to perform this action', 'permission_denied', 'never'],
    ['Affiliate API feature is disabled', 'permission_denied', 'never'],
    [RATE_LIMIT_TEXT, 'rate_limited', 'retry-later', 10_000],
    ['User has exceeded API rate limit', 'rate_limited', 'retry-later', 10_000],
    ['API usage exceeded rate limit. Configured: 500/60s window', 'rate_limited', 'retry-later', 60_000],
    ['Missing required argument: id', 'tune_error', 'never'],
    ["Field 'Offer.nam' does not exist or is not allowed to be used.", 'tune_error', 'never'],
    [
      'There was a database error with the trackable id [SE-5888e90b944af]. Contact support for more assistance.',
      'tune_database_error',
      'retry',
    ],
    ['Failed to hydrate rows: 21', 'tune_error', 'retry-later'],
    ['Row id is negative', 'tune_error', 'never'],
    [`Something new with ${encodeURIComponent(TOKEN)} in it`, 'tune_error', 'retry-later'],
  ])('"%s" is %s, %s', async (...[text, code, advice, retryAfterMs]) => {
    world.answer({ body: refusal(text, TOKEN) });
    const error = await failureOf(list(world));
    expect({ code: error.code, advice: error.advice, retryAfterMs: error.retryAfterMs }).toEqual({
      code,
      advice,
      retryAfterMs,
    });
  });

  test('names the address that must be allowed', async () => {
    world.answer({ body: refusal('IP 178.161.91.191 is not white-listed.') });
    expect((await failureOf(list(world))).message).toContain('178.161.91.191');
  });

  test('about too many calls is told to the budget each time', async () => {
    const before = world.limits();
    world.answer({ body: refusal(RATE_LIMIT_TEXT) });
    await failureOf(list(world));
    world.answer({ status: 429, headers: { 'retry-after': '7' } });
    expect(await failureOf(list(world))).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
    expect(world.limits() - before).toBe(2);
  });
});

describe('an answer', () => {
  const broken = OFFERS_BARE.slice(0, 150);
  test.each<[string, Reply, string]>([
    ['without request, status and data', { body: NETWORK_ID_NOT_VALID }, 'network_not_found'],
    ['with a list of errors and no status', { body: FORMAT_NOT_SUPPORTED }, 'tune_error'],
    ['with one error object', { body: '{"response":{"status":-1,"errors":{"err_msg":"x"}}}' }, 'tune_error'],
    ['with errors inside data', { body: '{"response":{"status":-1,"data":{"errors":{"error":"x"}}}}' }, 'tune_error'],
    ['with no status and no error', { body: '{"response":{"data":{"1":{"Offer":{"id":"1"}}}}}' }, 'unexpected_answer'],
    ['with a good status beside an error', { body: '{"response":{"status":1,"errors":["x"]}}' }, 'tune_error'],
    ['of HTML', { body: '<html><body>Maintenance</body></html>' }, 'not_tune'],
    ['of other JSON', { body: '{"ok":true}' }, 'not_tune'],
    ['of other JSON with a response', { body: '{"response":{"status":"error","errors":["x"]}}' }, 'not_tune'],
    ['that all is well, without data', { body: '{"response":{"status":1}}' }, 'unexpected_answer'],
    ['of nothing', { body: '' }, 'not_tune'],
    ['of JSON that breaks off', { body: broken }, 'response_truncated'],
    [
      'that is packed and breaks off',
      { body: gzipSync(OFFERS_BARE).subarray(0, 60), headers: { 'content-encoding': 'gzip' } },
      'response_truncated',
    ],
    ['that says it is packed and is not', { body: OFFERS_BARE, headers: { 'content-encoding': 'gzip' } }, 'not_tune'],
    ['of an empty 504', { status: 504 }, 'gateway_timeout'],
    ['of HTTP 500 that says all is well', { status: 500, body: OFFERS_BARE }, 'unexpected_answer'],
    ['of HTTP 500', { status: 500, body: '<html>' }, 'not_tune'],
    ['of HTTP 502', { status: 502, body: '<html>' }, 'not_tune'],
    ['of HTTP 503', { status: 503, headers: { 'retry-after': '3' } }, 'service_unavailable'],
    ['of HTTP 401', { status: 401 }, 'not_tune'],
    ['of HTTP 403', { status: 403, body: '<html>' }, 'not_tune'],
    ['of HTTP 403 with JSON', { status: 403, body: '{"message":"Forbidden"}' }, 'not_tune'],
    ['of HTTP 403 that breaks off', { status: 403, body: '{"message":' }, 'not_tune'],
    ['of HTTP 404', { status: 404, body: '<html>' }, 'not_tune'],
    ['of HTTP 400 with TUNE’s words', { status: 400, body: refusal('Network id is not valid') }, 'network_not_found'],
    ['that is a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'not_tune'],
  ])('%s has its code', async (_title, reply, code) => {
    const before = world.seen.length;
    world.answer(reply);
    expect((await failureOf(list(world))).code).toBe(code);
    // No redirect was followed, nothing was silently repeated but the question without advertisers.
    expect(world.seen.length - before).toBeLessThanOrEqual(2);
  });

  test.each<[string, Reply, string]>([
    ['a proxy’s page', { status: 403, body: '<html>' }, 'HTTP 403'],
    ['a bad gateway', { status: 502, body: '<html>' }, 'HTTP 502'],
    ['a login page', { body: '<html>' }, 'HTTP 200'],
    ['other JSON', { body: '{"ok":true}' }, 'HTTP 200'],
    ['a redirect', { status: 302 }, 'HTTP 302'],
  ])('that is %s is told with its HTTP status, and is not TUNE’s', async (_title, reply, says) => {
    world.answer(reply);
    const error = await failureOf(list(world));
    expect(error).toMatchObject({ code: 'not_tune', answeredBy: 'other' });
    expect(error.message).toContain(says);
  });

  test('that is packed is unpacked', async () => {
    world.answer({ body: gzipSync(OFFERS_BARE), headers: { 'content-encoding': 'gzip' } });
    expect((await list(world)).offers).toHaveLength(1);
  });

  test('is bounded, also when it grows only by being unpacked', async () => {
    const limits = { responseBytesMax: 10_000 };
    for (const body of [Buffer.alloc(20_000, ' '), gzipSync(Buffer.alloc(1_000_000, ' '))]) {
      world.answer({ body, headers: body.length < 10_000 ? { 'content-encoding': 'gzip' } : {} });
      const error = await failureOf(world.open({ limits }).getTimeZone());
      expect(error).toMatchObject({ code: 'response_too_large', advice: 'never' });
    }
  });

  test('that stops in the middle is response_truncated', async () => {
    world.answer((_seen, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(OFFERS_BARE.slice(0, 100), () => response.destroy());
      return undefined;
    });
    expect((await failureOf(list(world))).code).toBe('response_truncated');
  });

  test.each(['', '{"response":'])('that takes too long after "%s" is a timeout', async (begun) => {
    world.answer((_seen, response) => {
      if (begun !== '') response.writeHead(200).write(begun);
      return undefined;
    });
    const answeredBy = begun === '' ? 'nobody' : 'other';
    const error = await failureOf(world.open({ limits: { requestTimeoutMs: 200 } }).getTimeZone());
    expect(error).toMatchObject({ code: 'timeout', advice: 'retry', answeredBy });
    // The same by the time of the caller.
    const late = await failureOf(world.open().getTimeZone(AbortSignal.timeout(200)));
    expect(late).toMatchObject({ code: 'timeout', answeredBy });
  });
});

describe('a network', () => {
  test('that nobody serves is unreachable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const client = world.open({ apiUrl: `http://127.0.0.1:${port}/{network_id}` });
    expect(await failureOf(client.getTimeZone())).toMatchObject({ code: 'unreachable', advice: 'retry' });
  });

  test.each([
    ['that speaks no TLS', () => `${world.url.replace('http:', 'https:')}/{network_id}`],
    ['whose name nobody knows', () => 'http://no-such-host.invalid/{network_id}'],
  ])('%s is unreachable', async (_title, apiUrl) => {
    const error = await failureOf(world.open({ apiUrl: apiUrl() }).getTimeZone());
    expect(error).toMatchObject({ code: 'unreachable', answeredBy: 'nobody' });
  });

  test('that breaks the connection before it answers is unreachable', async () => {
    world.answer((_seen, response) => void response.socket?.resetAndDestroy());
    expect(await failureOf(list(world))).toMatchObject({ code: 'unreachable', answeredBy: 'nobody' });
  });

  test.each(['a/b', 'evil.example', '', '..', 'a@b'])('called "%s" is none, and nothing is sent', async (networkId) => {
    const before = world.seen.length;
    const client = world.open({ networkId });
    expect((await failureOf(client.getTimeZone())).code).toBe('network_not_found');
    expect(world.seen.length).toBe(before);
  });

  test('goes as a parameter where the address has no place for it', async () => {
    world.answer({ body: OFFERS_BARE });
    await world.open({ apiUrl: `${world.url}/Apiv3/json` }).listOffers({ page: 1, limit: 1 });
    expect(world.seen.at(-1)).toMatchObject({ path: '/Apiv3/json', params: { NetworkId: 'demo' } });
  });

  test('that hangs keeps no other waiting, and its own calls end in time', async () => {
    world.answer(({ path }) => (path.startsWith('/hangs/') ? undefined : { body: OFFERS_BARE }));
    const limits = { requestTimeoutMs: 300, connectionsPerNetwork: 2 };
    const hanging = world.open({ networkId: 'hangs', limits });
    const stuck = Array.from({ length: 6 }, () => failureOf(hanging.getTimeZone()));
    await world.open({ networkId: 'other', limits }).listOffers({ page: 1, limit: 1 });
    for (const error of await Promise.all(stuck)) expect(error.code).toBe('timeout');
  });
});

describe('giving up', () => {
  test('ends a call under way and one that is not sent yet', async () => {
    const started = new Promise<void>((resolve) => world.answer(() => void resolve()));
    const giveUp = new AbortController();
    const under = failureOf(world.open().getTimeZone(giveUp.signal));
    await started;
    giveUp.abort(new Error(TOKEN));
    expect((await under).code).toBe('aborted');
    const before = world.seen.length;
    expect((await failureOf(world.open().getTimeZone(giveUp.signal))).code).toBe('aborted');
    expect(world.seen.length).toBe(before);
  });

  test('by closing the client ends its calls', async () => {
    const client = world.open();
    const started = new Promise<void>((resolve) => world.answer(() => void resolve()));
    const under = failureOf(client.getTimeZone());
    await started;
    await client.close();
    expect((await under).code).toBe('aborted');
    expect((await failureOf(client.getTimeZone())).code).toBe('aborted');
  });
});
