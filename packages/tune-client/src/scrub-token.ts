const TEXT_LENGTH_MAX = 300;

export function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The ways in which a token can stand in a text: as it is, URL-encoded, as a form value, as in JSON, escaped slashes. */
export function spellings(token: string): string[] {
  const encoded = encodeURIComponent(token.toWellFormed());
  const inJson = JSON.stringify(token).slice(1, -1);
  const all = [token, encoded, encoded.replaceAll('%20', '+'), inJson, inJson.replaceAll('/', '\\/')];
  return [...new Set(all)].sort((one, other) => other.length - one.length);
}

/**
 * Makes a text of TUNE fit for logs and people: the token goes, in any spelling, together with whatever follows the
 * words that TUNE names it by (quirk 4); then control characters and markup go, and what is longer than 300 characters.
 */
export function createScrubber(token: string): (text: string) => string {
  const own = token === '' ? null : new RegExp(spellings(token).map(escapeForPattern).join('|'), 'gi');
  const scrub = (text: string): string => (own ? text.replace(own, '***') : text);
  return (text) => {
    // A megabyte of nonsense is not searched; what is cut off is not shown.
    const clean = scrub(text.slice(0, 20 * TEXT_LENGTH_MAX + token.length))
      .replace(/<[^<>]{0,500}>/g, ' ')
      .replace(/\b(NetworkToken|api_key)(\s*[=:]\s*|\s+)(?!is\b)[^\s&"',;]+/gi, '$1$2***')
      .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
      .trim();
    // Once more: taking things out may have joined the halves of a token.
    return scrub(clean).slice(0, TEXT_LENGTH_MAX);
  };
}
