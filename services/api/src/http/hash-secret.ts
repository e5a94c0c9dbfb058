import { hash } from 'node:crypto';

/** SHA-256 of an offer's secret or an API key, 32 bytes: what is compared in its place, in constant time. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
