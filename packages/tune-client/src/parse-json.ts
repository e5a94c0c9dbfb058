export type ParsedJson =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'truncated' | 'not_json' };

const EXPONENT_MAX = 40;
/** No number that means something to us is longer; a longer one stays as it was written. */
const NUMBER_LENGTH_MAX = 60;
const NUMBER_LIKE = /-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const [ZERO, NINE, BACKSLASH, COLON] = [0x30, 0x39, 0x5c, 0x3a];

/** A JSON number as plain decimal text: `1.5e3` → `1500`. One too big for that stays as it is. */
function plainDecimal(number: string): string {
  if (number.length > NUMBER_LENGTH_MAX) return number;
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(number);
  if (!match) return number;
  const [, sign = '', whole = '', fraction = '', power = ''] = match;
  const exponent = Number(power);
  if (Math.abs(exponent) > EXPONENT_MAX) return number;
  const digits = `${'0'.repeat(EXPONENT_MAX)}${whole}${fraction}${'0'.repeat(EXPONENT_MAX)}`;
  const point = EXPONENT_MAX + whole.length + exponent;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const right = digits.slice(point).replace(/0+$/, '');
  return `${sign}${left === '' ? '0' : left}${right === '' ? '' : `.${right}`}`;
}

/** Where the string that begins at `start` ends: behind its closing quote, or -1. */
function endOfString(json: string, start: number): number {
  for (let close = json.indexOf('"', start + 1); close !== -1; close = json.indexOf('"', close + 1)) {
    let before = close - 1;
    while (json.charCodeAt(before) === BACKSLASH) before--;
    if ((close - before) % 2 === 1) return close + 1;
  }
  return -1;
}

function holdsDigit(json: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const char = json.charCodeAt(at);
    if (char >= ZERO && char <= NINE) return true;
  }
  return false;
}

/** What stands between two strings, with its numbers quoted. What is no JSON stays no JSON: no number, no key. */
function quoteBetween(text: string): string {
  return text.replace(NUMBER_LIKE, (found, at: number) => {
    if (!NUMBER.test(found)) return found;
    let next = at + found.length;
    while (next < text.length && text.charCodeAt(next) <= 0x20) next++;
    return text.charCodeAt(next) === COLON ? found : `"${plainDecimal(found)}"`;
  });
}

/**
 * A text with the numbers of its JSON as strings, in one walk; JSON afterwards if it was before, and only then. Looks
 * only at what stands between strings, since a report is nearly nothing but strings.
 */
function quoteNumbers(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const end = quote === -1 ? json.length : quote;
    if (holdsDigit(json, at, end)) {
      parts.push(json.slice(copied, at), quoteBetween(json.slice(at, end)));
      copied = end;
    }
    if (quote === -1) break;
    at = endOfString(json, quote);
    if (at === -1) break;
  }
  return copied === 0 ? json : parts.join('') + json.slice(copied);
}

/** True when the text ends inside a string, an object or a list: what is there is well begun. */
function endsTooEarly(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (at >= text.length) return true;
    }
    if (depth < 0) return false;
  }
  return depth > 0;
}

/**
 * Reads JSON with every number as its own text, so that an amount keeps its digits (law 13; quirk 10: numbers may be
 * texts anyway). Blanks and byte order marks before it are allowed (quirk 27). Never throws; takes time and memory in
 * proportion to the length, with one tree built. How many values that may be is the meter's business.
 */
export function parseJson(text: string): ParsedJson {
  const json = text.replace(/^[\s\uFEFF\0]+/, '');
  try {
    return { kind: 'json', value: JSON.parse(quoteNumbers(json)) as unknown };
  } catch {
    return /^[{[]/.test(json) && endsTooEarly(json) ? { kind: 'truncated' } : { kind: 'not_json' };
  }
}
