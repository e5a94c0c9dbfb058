/** What the macros of a link stand for; null: not known for this link. */
export interface MacroValues {
  readonly messageId: string;
  /** Our id of the offer, as callers know it. */
  readonly offerId: string;
  /** The network's id of the offer. */
  readonly externalId: string | null;
  readonly clickId: string | null;
}

/** The macros in double braces that a link may hold, e.g. `{{messageId}}`. */
export const LINK_MACROS = ['messageId', 'offerId', 'externalId', 'clickId'] as const;

/**
 * `{{name}}` or `{name}`, spaces inside allowed; or the same with braces in percent-encoding, as browsers and URL
 * parsers leave them.
 */
const MACRO = /(\{|%7B){2}\s*([A-Za-z]\w*)\s*(\}|%7D){2}|(\{|%7B)\s*([A-Za-z]\w*)\s*(\}|%7D)/gi;

export interface FilledText {
  readonly text: string;
  /** Macros that stand for nothing here, as they are written. */
  readonly unresolved: readonly string[];
}

function valueOf(values: MacroValues, double: string | undefined, single: string | undefined): string | null {
  if (single !== undefined) return single === 'click_id' ? values.clickId : null;
  const known = LINK_MACROS.find((name) => name === double);
  return known === undefined ? null : values[known];
}

/**
 * Fills the macros of a text once: what a value itself holds is never read as a macro. `encode` is applied to each
 * value. Known are `{{messageId}}`, `{{offerId}}`, `{{externalId}}`, `{{clickId}}` and `{click_id}` (product-rules.md).
 */
export function fillMacros(text: string, values: MacroValues, encode: (value: string) => string): FilledText {
  const unresolved: string[] = [];
  const filled = text.replace(MACRO, (...groups: (string | undefined)[]) => {
    const [written = '', , double, , , single] = groups;
    const value = valueOf(values, double, single);
    if (value !== null) return encode(value);
    const known = single === 'click_id' || LINK_MACROS.some((name) => name === double);
    // Braces in percent-encoding around another word are just text.
    if (known || written.startsWith('{')) unresolved.push(written);
    return written;
  });
  return { text: filled, unresolved };
}

/** True when a text holds something that reads like a macro, known or not. */
export function holdsMacro(text: string): boolean {
  return text.search(MACRO) >= 0;
}
