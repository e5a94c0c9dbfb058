/** Units of 1/100,000 in one unit of a currency: TUNE writes five decimals. */
const UNITS = 100_000n;

/** Reads `12.5` or `-3.00000` as units of 1/100,000. Throws RangeError for anything else. */
export function parseE5(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,5}))?$/.exec(text);
  if (match === null) throw new RangeError(`Not an amount with at most five decimals: ${text}`);
  const units = BigInt(match[2] ?? '0') * UNITS + BigInt((match[3] ?? '').padEnd(5, '0'));
  return match[1] === '-' ? -units : units;
}

/** Writes units of 1/100,000 with five decimals, as TUNE does. */
export function formatE5(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(6, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5)}`;
}
