import { codeOf } from '@trackly-tune/domain';
import { isStoreAway } from '@trackly-tune/database';

/** Errors of a statement that no row has caused: 42 syntax, names and rights, 58 and XX defects of the server. */
const STATEMENT_STATES = /^(42|58|XX)/;

/** True when an error would meet any item alike, so that nothing is to be learned from trying them singly. */
export function isEverybodys(error: unknown): boolean {
  if (isStoreAway(error)) return true;
  const code = codeOf(error) ?? '';
  return code.length === 5 && STATEMENT_STATES.test(code);
}
