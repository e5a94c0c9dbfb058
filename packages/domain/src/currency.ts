const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** What ICU said of each code so far: asking it anew for every row costs more than all the rest of reading one. */
const known = new Map<string, boolean>();

/**
 * True for a code of three capital letters that ISO 4217 knows or knew, by Node's ICU: a mistyped one would name every
 * amount wrongly (product-rules.md, "Amounts").
 */
export function isKnownCurrency(code: string): boolean {
  if (!/^[A-Z]{3}$/.test(code)) return false;
  let answer = known.get(code);
  if (answer === undefined) known.set(code, (answer = names.of(code) !== undefined));
  return answer;
}

/** A code as networks write it, in whatever case and with blanks around it; null when nothing is there. */
export function currencyCodeOf(text: string | null | undefined): string | null {
  const code = text?.trim().toUpperCase() ?? '';
  return code === '' ? null : code;
}
