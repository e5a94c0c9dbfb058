import { z } from 'zod';

const ISO_MOMENT = z.iso.datetime({ offset: true });
/** The last millisecond that both ISO 8601's four-digit years and PostgreSQL write the same way. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Reads an ISO 8601 time with Z or an offset, cut to the millisecond; null for anything else or outside 1970–9999. */
export function parseMoment(text: string): Date | null {
  if (!ISO_MOMENT.safeParse(text).success) return null;
  const at = new Date(text);
  const ms = at.getTime();
  return ms >= 0 && ms <= LATEST_MS ? at : null;
}
