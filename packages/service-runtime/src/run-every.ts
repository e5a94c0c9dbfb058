import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { logRepeatedErrors } from './log-repeated-errors.js';
import type { LoopWatch } from './loop-watch.js';

export interface TimedLoop {
  /** Starts the next turn at once, or right after the current one; many pokes are one. */
  poke(): void;
  /** Aborts the turn's signal, and resolves when the current turn has ended. */
  stop(): Promise<void>;
}

/** A turn that failed is not followed by another one sooner than this, however often it is poked. */
const PAUSE_AFTER_FAILURE_MS = 200;

/**
 * A reconciler: its first turn at once, then again and again, never overlapping itself. A failing turn ends nothing
 * and floods no log.
 *
 * @param options.everyMs pause between two turns
 * @param options.jitter adds up to this share of the pause, so that copies do not all ask at once; default 0.1
 * @param options.signal ends the loop as `stop` does
 */
export function runEvery(options: {
  name: string;
  everyMs: number;
  jitter?: number;
  run: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
  signal?: AbortSignal;
  /** Told of each turn, for readiness. */
  watch?: Pick<LoopWatch, 'worked' | 'failed'>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random?: () => number;
}): TimedLoop {
  const { name, everyMs, jitter = 0.1, run, logger, signal, watch, random = Math.random } = options;
  const stopping = new AbortController();
  const errors = logRepeatedErrors(name, logger);
  let poked = false;
  let wake = new AbortController();

  const abort = (): void => {
    stopping.abort(signal?.reason);
    wake.abort();
  };

  async function turn(): Promise<'worked' | 'failed'> {
    try {
      await run(stopping.signal);
      errors.worked();
      watch?.worked(name);
      return 'worked';
    } catch (error) {
      if (stopping.signal.aborted) return 'failed';
      errors.failed(error);
      watch?.failed(name);
      return 'failed';
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      poked = false;
      const outcome = await turn();
      if (outcome === 'failed') {
        await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
      if (poked || stopping.signal.aborted) continue;
      wake = new AbortController();
      await sleep(everyMs * (1 + jitter * random()), undefined, { signal: wake.signal }).catch(() => undefined);
    }
    signal?.removeEventListener('abort', abort);
  }

  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const ended = loop();
  return {
    poke() {
      poked = true;
      wake.abort();
    },
    stop() {
      abort();
      return ended;
    },
  };
}
