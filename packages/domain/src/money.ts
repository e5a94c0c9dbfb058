/** An exact amount in units of 1/100,000 of its currency. Sums stay bigint; currencies are never mixed. */
export type AmountE5 = bigint;

const UNITS_PER_ONE = 100_000n;
const PLACES = 5;
/** A single amount is below 10^12 in absolute value; sums have no bound. */
const WHOLE_DIGITS_MAX = 12;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const ZERO = 0x30;

/** Zeros at the end are no digits. A loop, since a pattern would look at each of a million zeros again and again. */
function withoutEndZeros(fraction: string): string {
  let end = fraction.length;
  while (end > 0 && fraction.charCodeAt(end - 1) === ZERO) end--;
  return fraction.slice(0, end);
}

interface Decimal {
  readonly sign: string;
  /** Without zeros in front, so empty for nothing. */
  readonly whole: string;
  /** Without zeros at the end, at most five digits. */
  readonly fraction: string;
}

function readDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = '', digits = '', decimals = ''] = match;
  const fraction = withoutEndZeros(decimals);
  return fraction.length > PLACES ? null : { sign, whole: digits.replace(/^0+/, ''), fraction };
}

function unitsOf({ sign, whole, fraction }: Decimal): AmountE5 {
  const units = BigInt(whole) * UNITS_PER_ONE + BigInt(fraction.padEnd(PLACES, '0'));
  return sign === '-' ? -units : units;
}

export type AmountProblem = 'unreadable' | 'too_large';

/**
 * Reads one amount, a plain decimal ("12.5", "-3.00000", "1.234560"), as units of 1/100,000. `unreadable`: exponents,
 * blanks, more than five decimals that say something; `too_large`: 10^12 or more in absolute value.
 */
export function readAmountE5(text: string): AmountE5 | AmountProblem {
  const decimal = readDecimal(text);
  if (decimal === null) return 'unreadable';
  return decimal.whole.length > WHOLE_DIGITS_MAX ? 'too_large' : unitsOf(decimal);
}

/** The same where it does not matter why there is none: null for what is no amount or too large for one. */
export function parseAmountE5(text: string): AmountE5 | null {
  const amount = readAmountE5(text);
  return typeof amount === 'bigint' ? amount : null;
}

/** Reads a sum as the books show it, which may be larger than any single amount; null for what is no plain decimal. */
export function parseSumE5(text: string): AmountE5 | null {
  const decimal = readDecimal(text);
  return decimal === null ? null : unitsOf(decimal);
}

/**
 * An amount that `readAmountE5` reads as it was written, but for zeros that say nothing: beyond the fifth decimal, and
 * so many in front that no amount would have them. So it is short whatever was sent, and one amount stays one text.
 */
export function amountText(text: string): string {
  const point = text.indexOf('.');
  const whole = point === -1 ? text : text.slice(0, point);
  const kept = whole.length > WHOLE_DIGITS_MAX + 1 ? whole.replace(/^([+-]?)0+(?=\d)/, '$1') : whole;
  return point === -1 ? kept : kept + text.slice(point, point + 1 + PLACES);
}

/** Writes units of 1/100,000 as a decimal string with exactly five places: `1250000n` → `"12.50000"`. */
export function formatAmountE5(units: AmountE5): string {
  const absolute = units < 0n ? -units : units;
  const fraction = (absolute % UNITS_PER_ONE).toString().padStart(PLACES, '0');
  return `${units < 0n ? '-' : ''}${absolute / UNITS_PER_ONE}.${fraction}`;
}
