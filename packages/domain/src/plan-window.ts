import { addDays, dayOf, daysBetween, startOfDay } from './local-time.js';
import { LOOK_BACK_DAYS, REPORT_REACH_DAYS } from './settings.js';

/** Days of the integration's zone, both inclusive, and the same as moments: `[coversFrom, coversTo)`. */
export interface PullWindow {
  readonly from: string;
  readonly to: string;
  readonly coversFrom: Date;
  readonly coversTo: Date;
}

export interface PlannedPull extends PullWindow {
  /** True when an outage, a revoked token or a pause made the window start earlier than the look-back. */
  readonly widened: boolean;
  /** True when the gap is older than TUNE's reports reach: then a part of it cannot be pulled any more. */
  readonly cutOff: boolean;
}

const MS_PER_DAY = 86_400_000;

/** The days `from`…`to` of a zone as a window. */
export function windowOfDays(from: string, to: string, timeZone: string): PullWindow {
  return { from, to, coversFrom: startOfDay(from, timeZone), coversTo: startOfDay(addDays(to, 1), timeZone) };
}

/**
 * The window of a regular pull (product-rules.md, "No hole"): from the earlier of seven days ago and what is covered, at
 * most 762 days back, to the end of tomorrow, so that a wrong zone cuts off nothing new.
 */
export function planWindow(now: Date, coveredThrough: Date, timeZone: string): PlannedPull {
  const today = dayOf(now, timeZone);
  const lookBack = dayOf(new Date(now.getTime() - LOOK_BACK_DAYS * MS_PER_DAY), timeZone);
  const covered = dayOf(coveredThrough, timeZone);
  const wanted = covered < lookBack ? covered : lookBack;
  const earliest = earliestDay(now, timeZone);
  const from = wanted < earliest ? earliest : wanted;
  return {
    ...windowOfDays(from, addDays(today, 1), timeZone),
    widened: from < lookBack,
    cutOff: wanted < earliest,
  };
}

/** The oldest day that TUNE's reports still hold, seen from a moment. */
export function earliestDay(now: Date, timeZone: string): string {
  return addDays(dayOf(now, timeZone), -REPORT_REACH_DAYS);
}

export type WindowProblem = 'from_after_to' | 'too_far_back' | 'in_the_future';

/** Checks a window that a person asked for; null when it can be pulled. */
export function checkWindow(from: string, to: string, now: Date, timeZone: string): WindowProblem | null {
  if (daysBetween(from, to) < 0) return 'from_after_to';
  if (from < earliestDay(now, timeZone)) return 'too_far_back';
  if (from > addDays(dayOf(now, timeZone), 1)) return 'in_the_future';
  return null;
}
