import type { DueSlice, NetworkLease, ScheduleKind, Tx } from '@trackly-tune/database';
import type { TuneClient } from '@trackly-tune/tune-client';

/** One turn at a slice. */
export interface SliceTurn {
  readonly client: TuneClient;
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  /** Aborts when the lease is lost, the worker stops, or work that goes first waits. */
  readonly signal: AbortSignal;
  /** True once the slice has had its time: it yields at the next page's boundary, so that no other waits behind it. */
  isTimeOver(): boolean;
}

/**
 * What a turn made of its slice: `done` ends the slice, `succeeded` its run as well; with `more` it goes on later; with
 * `cancelled` its run is to end.
 */
export type TurnOutcome = 'done' | 'succeeded' | 'more' | 'cancelled';

/** What one kind of sync does with its slices. Everything around it is the engine's. */
export interface SyncWork {
  /** First part of the lease keys, and the name of its schedule. */
  readonly story: 'conversions' | 'offers';
  /** What people call it, e.g. "pull". */
  readonly name: string;
  /** What the integration's log says when a run begins. */
  beginningOf(slice: DueSlice): string;
  /** Reads pages from where the slice stopped, each committed with its cursor under the lease. Throws what stops it. */
  take(turn: SliceTurn): Promise<TurnOutcome>;
  /** What the retry policy has to know of a failure. */
  traitsOf(slice: DueSlice, error: unknown): FailureTraits;
  /** The schedule that comes sooner after a failure that may pass; null for runs that no schedule repeats. */
  scheduleOf(slice: DueSlice): ScheduleKind | null;
  /** Keeps what can be kept, in the transaction that fails the run. */
  onFailed?(tx: Tx, slice: DueSlice, code: string): Promise<void>;
}

export interface FailureTraits {
  /**
   * The windows that the slice can be cut into, as local text of the network (`YYYY-MM-DD hh:mm:ss`), both ends
   * inclusive; null when it cannot.
   */
  readonly parts: readonly (readonly [from: string, to: string])[] | null;
  /** TUNE cannot load a row of what was asked for. */
  readonly brokenRow: boolean;
  /** Outlasts an outage, since no later run does the same. */
  readonly patient: boolean;
}

/** Work of a network: `held` by another worker, else what is left. */
export type NetworkOutcome = 'held' | 'idle' | 'more' | 'background';

/** Works on one network as far as its time reaches. */
export type RunNetwork = (networkId: string, signal: AbortSignal) => Promise<NetworkOutcome>;
