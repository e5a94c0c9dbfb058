import { addDays, daysBetween, REPORT_REACH_DAYS } from '@trackly-tune/domain';

/** The ages in days at which every day is read again. */
const RUNGS = [14, 30, 45, 60, 90];
/** A pass that comes later than this many days after the last one leaves the rest to the next rung. */
const MISSED_DAYS_MAX = 31;

export interface LadderState {
  /** The day of the network that this pass is made on. */
  readonly today: string;
  /** The day of the last pass; null before the first. */
  readonly through: string | null;
  /** The oldest day that could be read again. */
  readonly oldestDay: string;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

/** Once a month, a random day that is older than the last rung and that TUNE's reports still reach. */
function pickOldDay({ today, through, oldestDay, random }: LadderState): string[] {
  if (through !== null && through.slice(0, 7) === today.slice(0, 7)) return [];
  const youngest = Math.max(...RUNGS) + 1;
  const oldest = Math.min(REPORT_REACH_DAYS, daysBetween(oldestDay, today));
  if (oldest < youngest) return [];
  return [addDays(today, -(youngest + Math.floor(random() * (oldest - youngest + 1))))];
}

/**
 * The days to be read again by a pass: those that reached the age of a rung since the last pass, so that a pass that
 * was missed leaves no day out, and once a month a random older one. What a network changes by other means than by
 * hand, or without telling, is found by the next rung at the latest.
 */
export function planLadder(state: LadderState): string[] {
  const { today, through } = state;
  const passed = through === null ? 1 : Math.min(MISSED_DAYS_MAX, Math.max(0, daysBetween(through, today)));
  const rungs = RUNGS.flatMap((age) => Array.from({ length: passed }, (_, n) => addDays(today, -age - n)));
  return [...new Set([...rungs, ...(passed === 0 ? [] : pickOldDay(state))])].sort().reverse();
}
