/** How many postbacks the next turn may let in, and how long to rest before it, in ms. */
export interface Pace {
  readonly postbacksMax: number;
  readonly restMs: number;
}

/** What one turn of booking saw of the postbacks. */
export interface BookingTurn {
  /** The pace that it had. */
  readonly pace: Pace;
  readonly admitted: number;
  /** How many came since the turn before let some in, and how long ago that was, in ms. */
  readonly came: number;
  readonly sinceMs: number;
  /** How long the work of this turn took, in ms. */
  readonly workMs: number;
}

export const FULL_PACE: Pace = { postbacksMax: 1_000, restMs: 0 };
/** Short turns, so that the API never competes for long, and rests that leave it two thirds of the time. */
const OUTPACED_POSTBACKS_MAX = 250;
const REST_PER_WORK = 2;
const REST_MS_MAX = 2_000;

/**
 * The pace after a turn. When postbacks come in faster than they can be booked, the backlog grows whatever is done, and
 * senders wait for answers meanwhile: booking steps back then, so that accepting comes first. What came is measured over
 * work and rest, what can be booked over work alone, so that a rest is never the reason for the next one.
 */
export function paceAfter({ pace, admitted, came, sinceMs, workMs }: BookingTurn): Pace {
  const isOutpaced = admitted === pace.postbacksMax && came * workMs > admitted * sinceMs;
  if (!isOutpaced) return FULL_PACE;
  return { postbacksMax: OUTPACED_POSTBACKS_MAX, restMs: Math.min(workMs * REST_PER_WORK, REST_MS_MAX) };
}
