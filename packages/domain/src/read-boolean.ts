const YES: ReadonlySet<string> = new Set(['true', 'yes', 'on', 'y', 't', 'enabled']);
const NO: ReadonlySet<string> = new Set(['', 'false', 'no', 'off', 'n', 'f', 'disabled', 'null', 'none']);
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Reads a boolean in every spelling that TUNE, PHP and what stands between use (quirks 10 and 11): nothing at all
 * is no, of numbers only zero is, words count in any case. Null for what is neither.
 */
export function readBoolean(text: string | null): boolean | null {
  const word = text?.trim().toLowerCase() ?? '';
  if (NO.has(word)) return false;
  if (YES.has(word)) return true;
  return NUMBER.test(word) ? /[1-9]/.test(word) : null;
}
