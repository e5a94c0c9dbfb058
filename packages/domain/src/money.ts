/** An exact amount in units of 1/100,000 of its currency. Sums stay bigint; currencies are never mixed. */
export type AmountE5 = bigint;

const UNITS_PER_ONE = 100_000n;
const DECIMAL = /^([+-]?)(\d{1,13})(?:\.(\d+))?$/;

/**
 * Reads a plain decimal ("12.5", "-3.00000") as units of 1/100,000.
 * Returns null for anything else: exponents, blanks, more than five decimals, more than 13 digits before the point.
 */
export function parseAmountE5(text: string): AmountE5 | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  if (fraction.length > 5) return null;
  const units = BigInt(whole) * UNITS_PER_ONE + BigInt(fraction.padEnd(5, '0'));
  return sign === '-' ? -units : units;
}

/** Writes units of 1/100,000 as a decimal string with exactly five places: `1250000n` → `"12.50000"`. */
export function formatAmountE5(units: AmountE5): string {
  const absolute = units < 0n ? -units : units;
  const fraction = (absolute % UNITS_PER_ONE).toString().padStart(5, '0');
  return `${units < 0n ? '-' : ''}${absolute / UNITS_PER_ONE}.${fraction}`;
}

/** True for an ISO 4217 shaped code: three capital letters. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}
