import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/** JSON with the keys of every object in order and without blanks; undefined is left out. */
const canonicalJson = configure({ strict: true });

/**
 * A hash of what a value says, whatever the order of its keys. 16 bytes, as hex. Stored with facts and decisions: the
 * same value must have the same hash for ever. Throws for what is no JSON, a bigint too.
 */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value) ?? 'null', 'hex').slice(0, 32);
}
