import type { ReportRow } from '@trackly-tune/domain';
import { tokenPattern } from './token-pattern.js';

const MASK = '***';
const SECRET_FIELD = /(?:^|[._])(?:NetworkToken|api_key)$/i;
const NAMED_SECRET = /\b(NetworkToken|api_key)(["'\s]*[=:]["'\s]*|\s+)(?!is\b)[^\s&"',;]+/gi;

/**
 * Takes the token out of a row that people are going to be shown, in any spelling, together with whatever follows the
 * words that TUNE names it by. Everything else stays as TUNE sent it.
 */
export function createRowMask(token: string): (row: ReportRow) => ReportRow {
  const own = tokenPattern(token);
  const mask = (text: string): string => (own ? text.replace(own, MASK) : text).replace(NAMED_SECRET, `$1$2${MASK}`);
  return (row) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [
        mask(field),
        value === null ? null : SECRET_FIELD.test(field) ? MASK : mask(value),
      ]),
    );
}
