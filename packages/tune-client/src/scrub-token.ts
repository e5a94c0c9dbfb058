import { SPELLED_LENGTH_FACTOR, tokenPattern } from './token-pattern.js';

const TEXT_LENGTH_MAX = 300;
/** A megabyte of nonsense is not searched; what is cut off is not shown. */
const SEARCHED_LENGTH_MAX = 20 * TEXT_LENGTH_MAX;

/**
 * Makes a text of TUNE fit for logs and people: the token goes, in any spelling, together with whatever follows the
 * words that TUNE names it by (quirk 4); then control characters and markup go, and what is longer than 300 characters.
 */
export function createScrubber(token: string): (text: string) => string {
  const own = tokenPattern(token);
  const scrub = (text: string): string => (own ? text.replace(own, '***') : text);
  const tail = SPELLED_LENGTH_FACTOR * token.length;
  const begin = (text: string): string => {
    if (text.length <= SEARCHED_LENGTH_MAX + tail) return scrub(text);
    // The cut may go through a token, whose first half is then in the tail.
    return scrub(text.slice(0, SEARCHED_LENGTH_MAX + tail)).slice(0, -tail);
  };
  return (text) => {
    const clean = begin(text)
      .replace(/<[^<>]{0,500}>/g, ' ')
      .replace(/\b(NetworkToken|api_key)(\s*[=:]\s*|\s+)(?!is\b)[^\s&"',;]+/gi, '$1$2***')
      .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
      .trim();
    // Once more: taking things out may have joined the halves of a token.
    return scrub(clean).slice(0, TEXT_LENGTH_MAX);
  };
}
