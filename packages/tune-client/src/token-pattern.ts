const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
const hex = (code: number, length = 2): string => code.toString(16).padStart(length, '0');

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  '/': 'sol',
  '+': 'plus',
  '=': 'equals',
};

/**
 * A character of a token in each way that it may come back: as it is, in a URL, in HTML, in JSON; also wrapped up to
 * four times. Each repetition has a bound, so that no text takes more than time in proportion to its length.
 */
function spellingsOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const percent = [...Buffer.from(character.toWellFormed())].map((byte) => `%(?:25){0,3}${hex(byte)}`).join('');
  const units = Array.from({ length: character.length }, (_, at) => `\\\\{1,4}u${hex(character.charCodeAt(at), 4)}`);
  const named = NAMED_ENTITIES[character];
  const entities = [`#0{0,6}${code}`, `#x0{0,6}${hex(code, 1)}`, ...(named === undefined ? [] : [named])];
  const ways = [
    `\\\\{0,4}${escapeForPattern(character)}`,
    percent,
    units.join(''),
    `&(?:amp;){0,3}(?:${entities.join('|')});`,
    ...(character === ' ' ? ['\\+'] : []),
  ];
  // What is itself the beginning of a wrapping stands last, or a `&` would be taken out of its own `&amp;`.
  const literal = ways.shift() ?? '';
  return `(?:${[...ways, literal].join('|')})`;
}

/** No spelling that is found makes a token longer than so many times its length. */
export const SPELLED_LENGTH_FACTOR = 24;

/**
 * Finds a token in a text in any spelling, also where each character has another one: literal, percent-encoded
 * (`%26`, `%2526`, `+`), as an HTML entity (`&amp;`, `&#38;`, `&#x26;`), escaped as in JSON (`\u0026`, `\/`).
 * null for an empty token.
 */
export function tokenPattern(token: string): RegExp | null {
  if (token === '') return null;
  return new RegExp(Array.from(token, spellingsOf).join(''), 'gi');
}
