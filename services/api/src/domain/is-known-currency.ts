const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** True for a currency that ISO 4217 knows or knew: a mistyped code would name every amount wrongly. */
export function isKnownCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && names.of(code) !== undefined;
}
