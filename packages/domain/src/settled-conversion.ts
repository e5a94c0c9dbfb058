import type { Booking } from './booking.js';
import type { FoundMessage } from './find-message.js';
import type { LocalTimeFlag } from './local-time.js';

/**
 * Why a record counts as it does. For pulled rows: its status, or that it is a test. For postbacks also: `claimed` by
 * a pulled row, `ambiguous` beside pulled rows that it might belong to, `amount_missing` until the pull knows it,
 * `superseded`, a reversal in a transaction that the pull has the last word on.
 */
export type Counting =
  'approved' | 'pending' | 'rejected' | 'test' | 'claimed' | 'ambiguous' | 'amount_missing' | 'superseded';

/** What made a conversion be decided (again). */
export type DecisionCause =
  'first_seen' | 'changed' | 'late_click' | 'late_message' | 'reattribution' | 'postback' | 'pull';

/** What was decided about one record of a transaction: a pulled row or a postback. */
export interface SettledConversion {
  readonly source: 'pull' | 'postback';
  readonly conversionId: bigint;
  readonly factVersion: number;
  /** The rules that it was decided by. */
  readonly ruleVersion: number;
  readonly settingsVersion: number;
  readonly convertedAt: Date;
  readonly timeFlag: LocalTimeFlag | null;
  readonly clickWindowDays: number;
  readonly found: FoundMessage;
  readonly booking: Booking;
  readonly counting: Counting;
  /** For a pulled row: the postback that is the same conversion. */
  readonly claims: bigint | null;
  /** For a postback: the pulled row that is the same conversion. */
  readonly claimedBy: bigint | null;
}
