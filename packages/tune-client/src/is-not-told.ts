import type { Refusal } from './classify-refusal.js';

/** The network does not answer this question, to us or at all; it says nothing about other questions. */
export function isNotTold(refusal: Refusal): boolean {
  return refusal.error.code === 'permission_denied' || refusal.error.code === 'tune_error';
}
