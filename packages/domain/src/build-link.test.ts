import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildLink, templateProblem, type LinkedOffer, type LinkFor, type LinkSettings } from './build-link.js';

const SETTINGS: LinkSettings = {
  baseUrl: 'https://clicks.example.com',
  affiliateId: '3',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
  globalUrlParams: {},
};
const OFFER: LinkedOffer = { id: 'ofr_7', externalId: '12', template: null };
const LINK: LinkFor = { messageId: 'AbCd1234', clickId: 'c-1' };

function urlOf(
  settings: Partial<LinkSettings> = {},
  offer: Partial<LinkedOffer> = {},
  link: Partial<LinkFor> = {},
): string {
  const built = buildLink({ ...SETTINGS, ...settings }, { ...OFFER, ...offer }, { ...LINK, ...link });
  return built.kind === 'link' ? built.url : JSON.stringify(built);
}

describe('the link of a message', () => {
  test.each([
    [{}, {}, {}, 'https://clicks.example.com/aff_c?offer_id=12&aff_id=3&aff_sub=AbCd1234&aff_click_id=c-1'],
    [{}, {}, { clickId: null }, 'https://clicks.example.com/aff_c?offer_id=12&aff_id=3&aff_sub=AbCd1234'],
    [
      { clickIdField: null, messageIdField: 'affiliate_unique2' as const },
      {},
      {},
      'https://clicks.example.com/aff_c?offer_id=12&aff_id=3&aff_unique2=AbCd1234',
    ],
    [
      { baseUrl: 'https://clicks.example.com/t/?keep=1#part' },
      {},
      {},
      'https://clicks.example.com/t/aff_c?keep=1&offer_id=12&aff_id=3&aff_sub=AbCd1234&aff_click_id=c-1#part',
    ],
  ])('stands on the tracking domain with offer, affiliate, message and click (%#)', (settings, offer, link, url) => {
    expect(urlOf(settings, offer, link)).toBe(url);
  });

  test('global parameters fill their macros, and never take the place of an id', () => {
    const globalUrlParams = {
      source: '{{messageId}} & {{offerId}}',
      p: '{{externalId}}-{{clickId}}',
      aff_sub: 'stolen',
      aff_id: '99',
    };
    expect(urlOf({ globalUrlParams })).toBe(
      'https://clicks.example.com/aff_c?offer_id=12&aff_id=3&aff_sub=AbCd1234&aff_click_id=c-1' +
        '&source=AbCd1234%20%26%20ofr_7&p=12-c-1',
    );
  });

  test('a hand-written tracking URL is the template: its query, path and fragment stay, its macros are filled', () => {
    const template = 'https://go.example.com/x/{click_id}?a=1&c={{clickId}}&e=%7B%7BexternalId%7D%7D#m={{messageId}}';
    expect(urlOf({}, { template }, { clickId: 'a/b c' })).toBe(
      'https://go.example.com/x/a%2Fb%20c?a=1&c=a%2Fb%20c&e=12&aff_sub=AbCd1234&aff_click_id=a%2Fb%20c#m=AbCd1234',
    );
  });

  test('a parameter that is there is filled where it stands, never twice', () => {
    const template = 'https://go.example.com/?aff_sub=old&b=1&b=2&l[]=1&l[]=2';
    expect(urlOf({ globalUrlParams: { b: '3' } }, { template }, { clickId: null })).toBe(
      'https://go.example.com/?aff_sub=AbCd1234&b=2&l[]=1&l[]=2',
    );
  });

  test('a value is never read as a macro', () => {
    const url = urlOf({ globalUrlParams: { p: '{{clickId}}' } }, {}, { clickId: '{{messageId}}' });
    expect(new URL(url).searchParams.get('p')).toBe('{{messageId}}');
  });

  test('macros that stand for nothing are an error that names them', () => {
    const globalUrlParams = { a: '{{clickId}}', b: '{{other}}' };
    expect(buildLink({ ...SETTINGS, globalUrlParams }, OFFER, { ...LINK, clickId: null })).toEqual({
      kind: 'unresolved_macros',
      macros: ['{{clickId}}', '{{other}}'],
    });
    const byHand = {
      ...OFFER,
      externalId: null,
      template: 'https://go.example.com/{click_id}?e={{externalId}}&f={foo}',
    };
    expect(buildLink(SETTINGS, byHand, { ...LINK, clickId: null })).toEqual({
      kind: 'unresolved_macros',
      macros: ['{click_id}', '{foo}', '{{externalId}}'],
    });
  });

  test.each([
    'ftp://example.com/',
    'javascript:alert(1)',
    'example.com/x',
    'https://{click_id}.example.com/',
    'https:///x',
    ' https://example.com',
    'https://exa\tmple.com',
    'https://example.com\\x',
    'https://exa mple.com/',
    '',
  ])('%j cannot be a template', (template) => {
    expect(templateProblem(template)).not.toBeNull();
    expect(buildLink(SETTINGS, { ...OFFER, template }, LINK).kind).toBe('unusable_template');
  });

  test('a click id that a path would swallow is refused instead of lost', () => {
    const offer = { ...OFFER, template: 'https://go.example.com/a/{click_id}/b' };
    expect(buildLink(SETTINGS, offer, { ...LINK, clickId: '..' }).kind).toBe('unusable_template');
  });
});

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.toWellFormed());
const word = fc.stringMatching(/^[a-z]{1,6}$/);

describe('whatever goes into a link', () => {
  test('the link parses, holds every value exactly once, and keeps what the template held', () => {
    fc.assert(
      fc.property(
        fc.record({
          clickId: fc.option(text.filter((value) => value !== '')),
          affiliateId: text,
          externalId: text,
          globals: fc.dictionary(fc.oneof(word, text), text, { maxKeys: 5 }),
          kept: fc.dictionary(word, text, { maxKeys: 4 }),
          fragment: fc.option(text),
          byHand: fc.boolean(),
        }),
        ({ clickId, affiliateId, externalId, globals, kept, fragment, byHand }) => {
          const query = Object.entries(kept).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
          const hash = fragment === null ? '' : `#${encodeURIComponent(fragment)}`;
          const baseUrl = `https://clicks.example.com/t${query.length > 0 ? `?${query.join('&')}` : ''}${hash}`;
          const globalUrlParams = Object.fromEntries(
            Object.entries(globals).filter(([, value]) => !/[{}]|%7[bd]/i.test(value)),
          );
          fc.pre(!/%7B/i.test(baseUrl));
          const built = buildLink(
            { ...SETTINGS, affiliateId, baseUrl, globalUrlParams },
            { id: 'ofr_7', externalId, template: byHand ? baseUrl : null },
            { messageId: 'AbCd1234', clickId },
          );
          if (built.kind !== 'link') throw new Error(JSON.stringify(built));
          const url = new URL(built.url);
          const names = [...url.searchParams.keys()];
          expect(new Set(names).size).toBe(names.length);
          const ids: Record<string, string> = {
            aff_sub: 'AbCd1234',
            ...(clickId === null ? {} : { aff_click_id: clickId }),
            ...(byHand ? {} : { offer_id: externalId, aff_id: affiliateId }),
          };
          const wanted = { ...globalUrlParams, ...kept, ...ids };
          for (const [name, value] of Object.entries(wanted)) expect(url.searchParams.get(name)).toBe(value);
          expect(names.length).toBe(Object.keys(wanted).length);
          expect(decodeURIComponent(url.hash.slice(1))).toBe(fragment ?? '');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a click id reads back from wherever a template wants it', () => {
    fc.assert(
      fc.property(
        text.filter((value) => value !== '' && value !== '.' && value !== '..'),
        (clickId) => {
          const template = 'https://go.example.com/a/{click_id}/b?c={{clickId}}#{click_id}';
          const url = new URL(urlOf({}, { template }, { clickId }));
          expect(decodeURIComponent(url.pathname)).toBe(`/a/${clickId}/b`);
          expect(url.searchParams.get('c')).toBe(clickId);
          expect(decodeURIComponent(url.hash)).toBe(`#${clickId}`);
        },
      ),
      { numRuns: 500 },
    );
  });
});
