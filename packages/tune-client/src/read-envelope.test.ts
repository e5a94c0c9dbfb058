import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { flattenRow } from './flatten-row.js';
import { parseJson } from './parse-json.js';
import { demandData, readEnvelope } from './read-envelope.js';
import { readOffer } from './read-offer.js';
import { readPage } from './read-page.js';
import { createScrubber } from './scrub-token.js';
import { TuneError } from './tune-error.js';

/** A page of texts, or a TuneError; whatever else is thrown fails the test. */
function readsOrRefuses(body: string, status = 200): void {
  try {
    const page = readPage(demandData(readEnvelope({ status, body, retryAfterMs: undefined }, createScrubber('t0ken'))));
    for (const { key, value } of page.entries) {
      readOffer(value, key);
      for (const text of Object.values(flattenRow(value))) {
        expect(text === null || typeof text === 'string').toBe(true);
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(TuneError);
  }
}

const anyJson = fc.jsonValue({ maxDepth: 5 });
const envelopes = fc.record({
  response: fc.record(
    {
      status: fc.oneof(fc.constantFrom(1, '1', true, -1, null), anyJson),
      data: fc.oneof(anyJson, fc.record({ page: anyJson, count: anyJson, data: anyJson }, { requiredKeys: ['data'] })),
      errors: fc.oneof(fc.constantFrom([], {}), anyJson),
      errorMessage: fc.oneof(fc.constant(null), anyJson),
    },
    { requiredKeys: [] },
  ),
});

describe('an answer of any kind is a page of texts or a TuneError', () => {
  test('any envelope', () => {
    fc.assert(
      fc.property(envelopes, fc.integer({ min: 200, max: 599 }), (body, status) =>
        readsOrRefuses(JSON.stringify(body), status),
      ),
    );
  });
  test('any JSON', () => {
    fc.assert(fc.property(anyJson, (json) => readsOrRefuses(JSON.stringify(json))));
  });
  test('any bytes, and any beginning of an envelope', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => readsOrRefuses(new TextDecoder().decode(bytes))));
    fc.assert(
      fc.property(envelopes, fc.nat(400), (body, length) => readsOrRefuses(JSON.stringify(body).slice(0, length))),
    );
  });
  test('very long and very deep ones', () => {
    readsOrRefuses(`{"response":{"status":1,"data":[${'['.repeat(20_000)}${']'.repeat(20_000)}]}}`);
    readsOrRefuses(`{"response":{"status":1,"data":["${'\\"x'.repeat(300_000)}"]}}`);
    readsOrRefuses(`{"response":{"status":1,"data":["${'\\"'.repeat(200_000)}`);
  });
});

describe('JSON', () => {
  test.each([
    ['12345678901234567890.12345', '12345678901234567890.12345'],
    ['-0.10000', '-0.10000'],
    ['1.25e1', '12.5'],
    ['1E-3', '0.001'],
    ['-2.50e+2', '-250'],
    ['0', '0'],
  ])('%s keeps its digits', (number, text) => {
    expect(parseJson(`{"a":[${number},"1e5"]}`)).toEqual({ kind: 'json', value: { a: [text, '1e5'] } });
  });

  test('reads as JSON.parse does, numbers aside', () => {
    const json = fc.jsonValue().filter((value) => !/\d/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(json, (value) =>
        expect(parseJson(JSON.stringify(value))).toEqual({ kind: 'json', value: JSON.parse(JSON.stringify(value)) }),
      ),
    );
  });

  test('cut off anywhere is truncated, and with something behind it is none', () => {
    const whole = '{"a":[1,{"b":"x\\"}"}],"c":null}';
    for (let length = 1; length < whole.length; length++) {
      expect(parseJson(whole.slice(0, length)).kind).toBe('truncated');
    }
    expect(parseJson(`${whole}}`).kind).toBe('not_json');
    expect(parseJson('<html>{').kind).toBe('not_json');
  });
});

describe('a scrubbed text', () => {
  test('never holds the token, however it is spelled and wherever it stands', () => {
    const token = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => /[a-z0-9]{6}/i.test(text));
    const around = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(token, around, around, (secret, before, after) => {
        const encoded = encodeURIComponent(secret);
        const inJson = JSON.stringify(secret).slice(1, -1);
        for (const spelling of [secret, secret.toUpperCase(), encoded, inJson]) {
          const clean = createScrubber(secret)(`${before}${spelling}${after}`);
          expect(clean.toLowerCase()).not.toContain(spelling.toLowerCase());
          expect(clean.length).toBeLessThanOrEqual(300);
        }
      }),
    );
  });

  test('holds no other token that TUNE names', () => {
    const scrub = createScrubber('mine');
    expect(scrub('NetworkToken NETabc is not authenticated')).toBe('NetworkToken *** is not authenticated');
    expect(scrub('<b>no</b> api_key=AFF1&x')).toBe('no api_key=***&x');
  });
});
