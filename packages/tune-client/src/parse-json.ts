export type ParsedJson =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'truncated' | 'not_json' };

const EXPONENT_MAX = 40;
/** Only used on valid JSON, where each string ends and each number stands outside of strings. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** A JSON number as plain decimal text: `1.5e3` → `1500`. One too big for that stays as it is. */
function plainDecimal(number: string): string {
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
 * texts anyway). Blanks and byte order marks before it are allowed (quirk 27). Never throws.
 */
export function parseJson(text: string): ParsedJson {
  const json = text.replace(/^[\s\uFEFF\0]+/, '');
  try {
    JSON.parse(json);
  } catch {
    return /^[{[]/.test(json) && endsTooEarly(json) ? { kind: 'truncated' } : { kind: 'not_json' };
  }
  const quoted = json.replace(STRING_OR_NUMBER, (found) =>
    found.startsWith('"') ? found : `"${plainDecimal(found)}"`,
  );
  return { kind: 'json', value: JSON.parse(quoted) as unknown };
}
