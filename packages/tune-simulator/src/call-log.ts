export interface Call {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `Target::Method`. */
  readonly method: string;
  /** `answered`, `refused`, `rate_limited`, or the kind of the fault that it met. */
  readonly outcome: string;
}

/** Kept calls; older ones are only counted. */
const CALLS_MAX = 200_000;

/** What was asked of a network, refused calls included. */
export interface CallLog {
  begin(at: number, method: string): { end(outcome: string): void };
  /** Calls that began after `since`. */
  countSince(since: number): number;
  calls(): { total: number; calls: readonly Call[] };
  /** The most calls that any window of this length held. */
  callsInWorstWindow(windowMs: number): number;
  clear(): void;
}

export function createCallLog(): CallLog {
  let total = 0;
  let calls: { at: number; method: string; outcome: string }[] = [];
  return {
    begin(at, method) {
      total += 1;
      const call = { at, method, outcome: 'open' };
      calls.push(call);
      if (calls.length > CALLS_MAX) calls = calls.slice(CALLS_MAX / 2);
      return {
        end(outcome) {
          call.outcome = outcome;
        },
      };
    },
    countSince(since) {
      let count = 0;
      for (let i = calls.length - 1; i >= 0 && (calls[i]?.at ?? 0) > since; i--) count += 1;
      return count;
    },
    calls: () => ({ total, calls: calls.map((call) => ({ ...call })) }),
    callsInWorstWindow(windowMs) {
      let worst = 0;
      let first = 0;
      for (let last = 0; last < calls.length; last++) {
        while ((calls[last]?.at ?? 0) - (calls[first]?.at ?? 0) >= windowMs) first += 1;
        worst = Math.max(worst, last - first + 1);
      }
      return worst;
    },
    clear() {
      total = 0;
      calls = [];
    },
  };
}
