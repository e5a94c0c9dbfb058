import { isLocalText, locateLocalTime } from './local-time.js';

/** When an offer ends: TUNE's own text, and the moment that it means. */
export interface Expiration {
  readonly text: string;
  readonly at: Date;
}

/**
 * Reads `expiration_date`, which is local to the network (tune-api.md, section 4.3). Null for none: nothing, the zero date (quirk 12),
 * and what is no `YYYY-MM-DD hh:mm:ss`, since nobody's offer ends by a guess. An hour that exists twice is the first, one
 * that does not is moved forward by the gap (product-rules.md, "Days").
 */
export function readExpiration(told: string | null, timeZone: string): Expiration | null {
  const text = told?.trim() ?? '';
  return isLocalText(text) ? { text, at: locateLocalTime(text, timeZone).at } : null;
}

/** Whether an offer is over at a moment: its expiration has come, or TUNE says so itself. */
export function hasExpired(offer: { readonly expiresAt: Date | null; readonly isExpired: boolean }, at: Date): boolean {
  return offer.isExpired || (offer.expiresAt !== null && offer.expiresAt <= at);
}
