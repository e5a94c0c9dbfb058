import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { flattenRows } from './flatten-row.js';
import { parseJson } from './parse-json.js';
import { demandData, readEnvelope } from './read-envelope.js';
import { readOffer } from './read-offer.js';
import { readPage } from './read-page.js';
import { createRowMask } from './mask-row.js';
import { createScrubber } from './scrub-token.js';
import { TuneError } from './tune-error.js';

/** A page of texts, or a TuneError; whatever else is thrown fails the test. */
function readsOrRefuses(body: string, status = 200): void {
  try {
    const page = readPage(demandData(readEnvelope({ status, body, retryAfterMs: undefined }, createScrubber('t0ken'))));
    for (const { key, value } of page.entries) {
      readOffer(value, key);
      for (const text of Object.values(flattenRows([value])[0] ?? {})) {
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

  test('takes as JSON what JSON.parse takes, and nothing else', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-1',
      '01',
      '1.',
      '.5',
      '1e5',
      '1e',
      '-',
      ' ',
      'true',
      'null',
      '\\',
    ];
    const nearly = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((texts) => texts.join(''));
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(nearly, (text) => expect(parseJson(text).kind === 'json').toBe(isJson(text.trim()))),
      { numRuns: 3_000 },
    );
    for (const text of ['{1:2}', '{"a":1,2:3}', '{"a":1 :2}', '[1 2]', '[01]', '[1true]', '{1}', '[-]', '[1.2.3]']) {
      expect(parseJson(text).kind).not.toBe('json');
    }
  });

  test('with a number of a million digits is read as it was written', () => {
    for (const number of [
      `1.${'0'.repeat(1_000_000)}e1`,
      `-${'9'.repeat(1_000_000)}`,
      `0.${'0'.repeat(999_999)}1E-7`,
    ]) {
      expect(parseJson(`{"a":[${number}]}`)).toEqual({ kind: 'json', value: { a: [number] } });
    }
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

const unit = (text: string, at: number): string => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('a scrubbed text', () => {
  test.each([
    ['NET&a/b c=', 'NET&amp;a/b c='],
    ['NET&a/b c=', 'NET\\u0026a\\/b c='],
    ['NET&a/b c=', 'NET\\\\u0026a/b c='],
    ['NET&a/b c=', 'NET%26a%2Fb+c%3D'],
    ['NET&a/b c=', 'NET%2526a%252fb%2520c%253D'],
    ['NET&a/b c=', 'NET&#38;a&#x2F;b&#32;c&equals;'],
    ['NET&a/b c=', 'N%45T&amp;amp;a\\/b c='],
    ['NET\'a"b', 'NET&#039;a&quot;b'],
  ])('holds no token %s that comes as %s', (token, spelled) => {
    expect(createScrubber(token)(`Key ${spelled} is bad`)).toBe('Key *** is bad');
    // Also where the search ends in its middle, with nothing but markup before it.
    for (let before = 2_000; before < 2_150; before++) {
      const long = `${'<b>'.repeat(before)}${spelled}${'y'.repeat(1_000)}`;
      expect(createScrubber(token)(long)).not.toContain('NET');
    }
  });

  test('takes no longer for texts that look like the beginning of a token over and over', () => {
    const scrub = createScrubber('&&&&&&&&&&&&&&&&%%%%%%%%\\\\\\\\\\/x');
    const mask = createRowMask('&&&&&&&&&&&&&&&&%%%%%%%%\\\\\\\\\\/x');
    for (const piece of ['\\', '&', '&amp;', '%25', '%', '\\u0026', '0']) {
      expect(scrub(piece.repeat(200_000)).length).toBeLessThanOrEqual(300);
      expect(mask({ row: piece.repeat(50_000) })).toEqual({ row: piece.repeat(50_000) });
    }
  });

  test('never holds the token, however it is spelled and wherever it stands', () => {
    const token = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => /[a-z0-9]{6}/i.test(text));
    const around = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(token, around, around, (secret, before, after) => {
        const encoded = encodeURIComponent(secret);
        const inJson = JSON.stringify(secret).slice(1, -1);
        const asEntities = Array.from(secret)
          .map((one) => `&#${one.codePointAt(0)};`)
          .join('');
        const asHex = Array.from(secret)
          .map((one) => `&#x${one.codePointAt(0)?.toString(16)};`)
          .join('');
        const asUnits = Array.from(secret, (one) => [...Array(one.length).keys()].map((at) => unit(one, at)).join(''));
        const once = [secret, secret.toUpperCase(), encoded, inJson, asEntities, asHex, asUnits.join('')];
        const twice = [
          encodeURIComponent(encoded),
          inHtml(secret),
          inHtml(inHtml(secret)),
          JSON.stringify(asUnits.join('')),
        ];
        for (const spelling of [...once, ...twice]) {
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
