/** A URL taken apart without changing a character of it: base?query#fragment. */
export interface LinkParts {
  readonly base: string;
  /** `name=value` pairs as they are written. */
  readonly pairs: readonly string[];
  /** Without its `#`; null when there is none. */
  readonly fragment: string | null;
}

export function takeLinkApart(url: string): LinkParts {
  const hash = url.indexOf('#');
  const beforeHash = hash < 0 ? url : url.slice(0, hash);
  const mark = beforeHash.indexOf('?');
  const query = mark < 0 ? '' : beforeHash.slice(mark + 1);
  return {
    base: mark < 0 ? beforeHash : beforeHash.slice(0, mark),
    pairs: query.split('&').filter((pair) => pair !== ''),
    fragment: hash < 0 ? null : url.slice(hash + 1),
  };
}

export function putLinkTogether({ base, pairs, fragment }: LinkParts): string {
  return `${base}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}${fragment === null ? '' : `#${fragment}`}`;
}

/** The name of a written pair as a server reads it. */
export function nameOfPair(pair: string): string {
  return [...new URLSearchParams(pair.replace(/^\?/, '%3F')).keys()][0] ?? '';
}

/** A pair that reads back as exactly this name and value. */
export function writePair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

/**
 * Each name once. Of several the last one stays, as TUNE's PHP reads them; names that end with `[]` are lists and stay
 * as they are.
 */
export function withoutRepeats(pairs: readonly string[]): string[] {
  const last = new Map(pairs.map((pair, index) => [nameOfPair(pair), index]));
  return pairs.filter((pair, index) => nameOfPair(pair).endsWith('[]') || last.get(nameOfPair(pair)) === index);
}
