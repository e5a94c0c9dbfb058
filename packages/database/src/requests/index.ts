/*
 * Requests that their callers may repeat.
 *
 *     (first) ──holdCall──► held ──keepAnswer, in the transaction of the effect──► answered ──24 h──► forgotten
 *
 * - One key of one API key and route has one body and one answer.
 */
export * from './idempotency-keys.js';
