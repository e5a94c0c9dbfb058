/** What a request may name although nobody knows it before it is sent. */
export const KNOWN_KINDS = [
  ...(['integration', 'offer', 'run', 'conversion', 'transaction'] as const),
  ...(['account', 'message', 'click', 'externalOffer', 'conversionOfTune', 'network', 'token'] as const),
  ...(['cursor', 'postbackOffer', 'postbackSecret'] as const),
] as const;
export type KnownKind = (typeof KNOWN_KINDS)[number];

/** How a text that exists is tampered with. */
export const TWISTS = {
  none: (text: string) => text,
  shorter: (text: string) => text.slice(0, -1),
  longer: (text: string) => `${text}0`,
  upper: (text: string) => text.toUpperCase(),
  blank: (text: string) => ` ${text}`,
  nul: (text: string) => `${text}\u0000`,
  reversed: (text: string) => Array.from(text).reverse().join(''),
} as const;

/** The text of something that exists when the request is sent. */
export class Known {
  constructor(
    readonly kind: KnownKind,
    readonly index: number,
    readonly twist: keyof typeof TWISTS = 'none',
  ) {}
}

/** JSON as it stands: numbers that no double holds, keys that stand there twice, what is no JSON at all. */
export class Verbatim {
  constructor(readonly text: string) {}
}

export type Drawn =
  null | boolean | number | string | Known | Verbatim | readonly Drawn[] | { readonly [name: string]: Drawn };

export type Fields = Readonly<Record<string, Drawn>>;

/** Finds the text of something that exists. */
export type Find = (known: Known) => string;

export function isFields(value: Drawn): value is Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof Known) && !(value instanceof Verbatim);
}

/** JSON of what was drawn. Lone surrogates are escaped; a field named `__proto__` is a field like any other. */
export function encodeJson(value: Drawn, find: Find): string {
  if (value instanceof Verbatim) return value.text;
  if (value instanceof Known) return JSON.stringify(find(value));
  if (Array.isArray(value)) return `[${value.map((one: Drawn) => encodeJson(one, find)).join(',')}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${encodeJson(one, find)}`);
  return `{${fields.join(',')}}`;
}

/** What was drawn as the text of a parameter. */
export function textOf(value: Drawn, find: Find): string {
  if (value instanceof Known) return find(value);
  return typeof value === 'string' ? value : encodeJson(value, find);
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Percent encoding that also takes lone surrogates, as the three bytes that are no UTF-8. */
export function percentEncode(text: string): string {
  return text
    .split(LONE_SURROGATE)
    .map((part) => encodeURIComponent(part))
    .reduce((whole, part, index) => {
      const unit = [...text.matchAll(LONE_SURROGATE)][index - 1]?.[0].charCodeAt(0) ?? 0;
      const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)];
      return `${whole}${bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')}${part}`;
    });
}
