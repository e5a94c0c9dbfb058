import { isStoreAway } from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, codeOf } from '@trackly-tune/domain';
import { FULL_PACE, paceAfter } from '../domain/pace.js';
import { createBooksWork, sum, type BooksWorkOptions } from './books-work.js';

export interface DrainOptions extends BooksWorkOptions {
  readonly signal: AbortSignal;
}

export interface Drained {
  readonly marks: number;
  readonly transactions: number;
  readonly decisions: number;
  readonly entries: number;
}

/** Some of the work cannot be done for anybody; the rest was done. */
class DrainError extends CodedError {
  constructor(readonly errors: readonly unknown[]) {
    const [cause] = errors;
    const said = cause instanceof Error ? cause.message : String(cause);
    const message = `Some of the work cannot be done at all: ${said}`;
    super(codeOf(cause) ?? 'internal_error', message, { advice: 'retry', cause });
  }
}

/**
 * Drains whatever is due, in turns until nothing is: late facts re-open, postbacks are let in, transactions are
 * settled, entries are numbered, runs end, re-attributions re-open. Needs no input: a lost wake-up only makes it start
 * later (law 8). Rests between turns while postbacks come in faster than they can be booked. A step that fails for
 * everybody keeps no other step from its work; it is thrown at the end, as what keeps PostgreSQL away is at once.
 */
export async function drain(options: DrainOptions): Promise<Drained> {
  const { parking, signal } = options;
  const work = createBooksWork(options);
  const failed = new Map<string, unknown>();
  /** All that a step tried in this turn is parked: what comes behind has its turn at once. */
  let parkedAll: boolean;

  async function attempt<Result>(step: ParkableWork<Result>): Promise<Result[]> {
    try {
      const parts = await parking.attempt(step);
      if (parts.length === 0) parkedAll = true;
      return parts;
    } catch (error) {
      if (isStoreAway(error)) throw error;
      failed.set(step.kind, error);
      return [];
    }
  }

  const done = { marks: 0, transactions: 0, decisions: 0, entries: 0 };
  let pace = FULL_PACE;
  let before: { behind: number; at: number } | null = null;
  while (!signal.aborted) {
    const beganAt = performance.now();
    parkedAll = false;
    const marks = sum(await attempt(work.reopen));
    const admissions = await attempt(work.admit(pace.postbacksMax));
    const admitted = sum(admissions.map((part) => part.admitted));
    const behind = admissions.at(-1)?.behind ?? 0;
    const at = performance.now();
    const batches = await attempt(work.settle);
    const transactions = sum(batches.map((batch) => batch.transactions));
    const numbered = sum(await attempt(work.relay));
    done.marks += marks;
    done.transactions += transactions;
    done.decisions += sum(batches.map((batch) => batch.decisions));
    done.entries += sum(batches.map((batch) => batch.entries));
    // In each turn: a run that is settled does not wait until everybody else's work is done.
    await attempt(work.finish);
    await attempt(work.report);
    const reattributed = (await attempt(work.reattribute)).includes(true);
    const isIdle = !reattributed && marks === 0 && admitted === 0 && transactions === 0 && numbered === 0;
    if (isIdle && !parkedAll) break;
    if (before !== null) {
      const came = admitted + behind - before.behind;
      pace = paceAfter({ pace, admitted, came, sinceMs: at - before.at, workMs: performance.now() - beganAt });
      // The signal ends the rest as well.
      if (pace.restMs > 0) await sleep(pace.restMs, undefined, { signal }).catch(() => undefined);
    }
    before = { behind, at };
  }
  if (failed.size > 0) throw new DrainError([...failed.values()]);
  return done;
}
