import { codeOf } from '@trackly-tune/domain';
import { TuneError } from '@trackly-tune/tune-client';
import { withTimeLimit, type Clock } from '@trackly-tune/service-runtime';
import type { CallFailure } from '../rules/explain-failure.js';

export type Attempted<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: CallFailure };

/** Calls that share a time limit. What fails with a code is an answer; anything else is a defect and is thrown. */
export interface Attempts {
  call<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Attempted<Value>>;
}

/** By so much a call may be late that ends by its signal, and thereby says what the time went into. */
const GRACE_MS = 500;

export function createAttempts(options: { timeMaxMs: number; callTimeMaxMs: number; clock: Clock }): Attempts {
  const { timeMaxMs, callTimeMaxMs, clock } = options;
  const endsAt = clock.now().getTime() + timeMaxMs;
  return {
    async call(work) {
      const limitMs = Math.max(1, Math.min(callTimeMaxMs, endsAt - clock.now().getTime()));
      try {
        // The signal ends the call; the limit also holds for a call that does not heed it.
        const value = await withTimeLimit('The network', limitMs + GRACE_MS, () => work(AbortSignal.timeout(limitMs)));
        return { ok: true, value };
      } catch (error) {
        const code = codeOf(error);
        if (code === null || !(error instanceof Error)) throw error;
        const answeredBy = error instanceof TuneError ? error.answeredBy : 'nobody';
        return { ok: false, failure: { code, message: error.message, answeredBy } };
      }
    },
  };
}
