import { codeOf } from '@trackly-tune/domain';
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** 08 connection, 53 resources (full disk, too many connections), 57 shut down or cancelled, 25006 read-only. */
const SQL_STATES = /^(08|53|57)|^25006$/;

const MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** True when an error says that PostgreSQL is away or cannot write, not that the statement was wrong. */
export function isStoreAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code = codeOf(error) ?? '';
  if (NETWORK_CODES.has(code) || (code.length === 5 && SQL_STATES.test(code))) return true;
  // By their form: errors of Node's own may come from another realm, where they are no `Error` of ours.
  if ('message' in error && typeof error.message === 'string' && MESSAGES.test(error.message)) return true;
  return 'errors' in error && Array.isArray(error.errors) && error.errors.some(isStoreAway);
}
