import type { AsOf } from '@trackly-tune/database';
import { parseMoment } from '../../http/parse-moment.js';

const SEQ_MAX = 9_223_372_036_854_775_807n;

/** Reads `as_of`: a sequence number of the books or a moment. Null for anything else. */
export function parseAsOf(text: string): Exclude<AsOf, 'latest'> | null {
  if (/^\d{1,19}$/.test(text)) {
    const seq = BigInt(text);
    return seq <= SEQ_MAX ? { seq } : null;
  }
  // A plus that was not escaped in the URL arrives as a blank.
  const moment = parseMoment(text.replace(/ (\d{2}:\d{2})$/, '+$1'));
  return moment === null ? null : { moment };
}
