import { Temporal } from 'temporal-polyfill';

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const QUARTER_HOUR_MS = 15 * 60_000;

/** Local times are seconds of the wall clock, counted as if it were UTC: they order and print as TUNE shows them. */
export interface ZoneClock {
  toLocal(epochMs: number): number;
  /** The first of two where the clock goes back, moved forward by the gap where it jumps. */
  toEpochMs(local: number): number;
}

export function createZoneClock(timeZone: string): ZoneClock {
  const offsets = new Map<number, number>();

  /** The offset of the period of `lengthMs` that a moment lies in, at its beginning. */
  function offsetOf(epochMs: number, lengthMs: number): number {
    const start = Math.floor(epochMs / lengthMs) * lengthMs;
    let offset = offsets.get(start);
    if (offset === undefined) {
      const at = Temporal.Instant.fromEpochMilliseconds(start);
      offset = at.toZonedDateTimeISO(timeZone).offsetNanoseconds / 1_000_000;
      offsets.set(start, offset);
    }
    return offset;
  }

  return {
    toLocal(epochMs) {
      // A day that begins and ends alike has no change; on the others clocks change on quarter hours.
      const ofDay = offsetOf(epochMs, DAY_MS);
      const offset = ofDay === offsetOf(epochMs + DAY_MS, DAY_MS) ? ofDay : offsetOf(epochMs, QUARTER_HOUR_MS);
      return Math.floor((epochMs + offset) / 1000);
    },
    toEpochMs(local) {
      const text = formatTime(local).replace(' ', 'T');
      return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
    },
  };
}

/** `YYYY-MM-DD hh:mm:ss`. */
export function formatTime(local: number): string {
  return new Date(local * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DD`. */
export function formatDay(local: number): string {
  return new Date(local * 1000).toISOString().slice(0, 10);
}

/**
 * Reads `YYYY-MM-DD hh:mm:ss`, or a day as its first (`start`) or last (`end`) second; null for other forms and for
 * dates that do not exist (quirk 38).
 */
export function parseTime(text: string, edge: 'start' | 'end' = 'start'): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/.exec(text);
  if (match === null) return null;
  const ms = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00:00'}Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== match[1]) return null;
  const local = ms / 1000;
  return match[2] === undefined && edge === 'end' ? local + DAY_SECONDS - 1 : local;
}

/** As `parseTime`; throws RangeError instead of null. */
export function requireTime(text: string, edge: 'start' | 'end' = 'start'): number {
  const local = parseTime(text, edge);
  if (local === null) throw new RangeError(`Not a local time or day: ${text}`);
  return local;
}
