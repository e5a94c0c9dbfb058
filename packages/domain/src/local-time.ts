import { Temporal } from 'temporal-polyfill';

/** `ambiguous`: the clock went back and the hour exists twice; `nonexistent`: it went forward over this hour. */
export type LocalTimeFlag = 'ambiguous' | 'nonexistent';

export interface LocatedTime {
  readonly at: Date;
  readonly flag: LocalTimeFlag | null;
}

/** The next day ends in the year 10000 in zones west of UTC, which neither ISO 8601's four digits nor our answers hold. */
const LAST_LOCAL_TEXT = '9999-12-30 23:59:59';
const LOCAL_TEXT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const BUCKET_MS = 15 * 60_000;
const CACHED_BUCKETS_MAX = 20_000;

/** Offsets (ms) of quarter hours that hold no clock change, by zone and quarter. Bounded; only spares time. */
const offsets = new Map<string, number>();

/**
 * Names that ICU knows beside those of the IANA database. They are abbreviations that mean another zone to most people
 * (ICU's BST is Dhaka), or zones of another system.
 */
const NOT_IANA =
  /^(?:ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*)$/i;

/** True for a name of the IANA time zone database, links included, that Node's ICU knows: `Europe/Kiev`, `EST5EDT`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name) || NOT_IANA.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The text as milliseconds read as if it were UTC; null for zero dates, impossible dates and other forms. */
function readLocalText(text: string): number | null {
  if (!LOCAL_TEXT.test(text)) return null;
  const number = (from: number, to: number): number => Number(text.slice(from, to));
  const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
  const [hour, minute, second] = [number(11, 13), number(14, 16), number(17, 19)];
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day or a month that does not exist comes out as another one.
  const date = new Date(ms);
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? ms : null;
}

/**
 * True for TUNE's `YYYY-MM-DD hh:mm:ss` with a date that exists (quirk 12: zero dates are no dates) and that is a
 * moment of the years up to 9999 in every zone.
 */
export function isLocalText(text: string): boolean {
  return text <= LAST_LOCAL_TEXT && readLocalText(text) !== null;
}

function locate(text: string, zone: string): LocatedTime {
  const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  // "compatible" is the rule of the books: the first of two, or forward by the gap.
  const chosen = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const at = new Date(chosen.epochMilliseconds);
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { at, flag: null };
  return { at, flag: chosen.toPlainDateTime().equals(local) ? 'ambiguous' : 'nonexistent' };
}

function unchangingOffset(localMs: number, zone: string): number | null {
  const bucket = Math.floor(localMs / BUCKET_MS);
  const key = `${zone}|${bucket}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const text = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  const first = locate(text(bucket * BUCKET_MS), zone);
  const last = locate(text((bucket + 1) * BUCKET_MS - 1000), zone);
  const offset = bucket * BUCKET_MS - first.at.getTime();
  if (first.flag !== null || last.flag !== null) return null;
  if ((bucket + 1) * BUCKET_MS - 1000 - last.at.getTime() !== offset) return null;
  if (offsets.size >= CACHED_BUCKETS_MAX) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/**
 * Places TUNE's local text in time. An ambiguous hour is taken as the first, a missing one is moved forward by the
 * gap, both flagged (product-rules.md "Days"; quirk 13). Throws RangeError for text that `isLocalText` refuses.
 */
export function locateLocalTime(text: string, zone: string): LocatedTime {
  const localMs = text <= LAST_LOCAL_TEXT ? readLocalText(text) : null;
  if (localMs === null) throw new RangeError(`Not a local time: ${text.slice(0, 40)}`);
  const offset = unchangingOffset(localMs, zone);
  return offset === null ? locate(text, zone) : { at: new Date(localMs - offset), flag: null };
}

/** Since then every zone is whole minutes from UTC, so that no day begins within one. */
const WHOLE_MINUTES_SINCE_MS = Date.UTC(1990, 0, 1);
const MINUTE_MS = 60_000;
const CACHED_DAYS_MAX = 1_000;
/** Days by zone and minute: what arrives together happened together. */
const daysOfMinutes = new Map<string, string>();

/** The calendar day `YYYY-MM-DD` of a moment in a zone. */
export function dayOf(at: Date, zone: string): string {
  const ms = at.getTime();
  if (!(ms >= WHOLE_MINUTES_SINCE_MS)) return readDay(at, zone);
  const key = `${Math.floor(ms / MINUTE_MS)} ${zone}`;
  let day = daysOfMinutes.get(key);
  if (day === undefined) {
    day = readDay(at, zone);
    if (daysOfMinutes.size >= CACHED_DAYS_MAX) daysOfMinutes.clear();
    daysOfMinutes.set(key, day);
  }
  return day;
}

function readDay(at: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first moment of a calendar day in a zone (not always midnight: some zones skip it). */
export function startOfDay(day: string, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

/** The calendar day `days` later (or earlier when negative). */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Whole calendar days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

/** True for a `YYYY-MM-DD` of 1970 to 9999 that exists. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && readLocalText(`${text} 00:00:00`) !== null;
}
