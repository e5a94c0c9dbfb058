import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nameOfPair, putLinkTogether, takeLinkApart, withoutRepeats, writePair } from './link-parts.js';

test('a link that was taken apart and put together is the same, but for empty pairs', () => {
  for (const url of ['https://x.example/a', 'https://x.example/a?b=1&c#d?e', 'https://x.example/#', '?a=%20&b=+']) {
    expect(putLinkTogether(takeLinkApart(url))).toBe(url);
  }
  expect(putLinkTogether(takeLinkApart('https://x.example/?&a=1&'))).toBe('https://x.example/?a=1');
});

test('a written pair reads back as its name and value, whatever they hold', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(text, text, (name, value) => {
      const pair = writePair(name, value);
      expect([...new URLSearchParams(pair)]).toEqual([[name, value]]);
      expect(nameOfPair(pair)).toBe(name);
      expect(takeLinkApart(`https://x.example/?${pair}#f`).pairs).toEqual([pair]);
    }),
  );
});

test('of pairs with one name the last stays, as TUNE reads them; lists stay as they are', () => {
  expect(withoutRepeats(['a=1', 'b=2', '%61=3', 'l[]=1', 'l[]=2'])).toEqual(['b=2', '%61=3', 'l[]=1', 'l[]=2']);
});
