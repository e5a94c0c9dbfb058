import { CodedError } from '@trackly-tune/domain';
import { isolate } from '@trackly-tune/service-stores';

/** More calls wait than may: the caller should come back in a moment. */
export class TooManyWaitingError extends CodedError<'too_many_waiting'> {
  constructor() {
    super('too_many_waiting', 'Too many requests wait already', { advice: 'retry-later' });
  }
}

interface Waiting<Call, Result> {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes many calls as one: what arrives while a batch is under way is made together by the next. Each call gets its
 * own result. Under load one commit so serves many requests; without load a call goes out at once.
 *
 * @param options.run results in the order of the batch
 * @param options.isEverybodys true for an error that would meet each call of a batch alike; after any other one the
 *   batch is made again in halves, so that a call that cannot be made fails alone
 * @param options.waitingMax calls beyond are refused with TooManyWaitingError
 */
export function batchCalls<Call, Result>(options: {
  run: (batch: readonly Call[]) => Promise<readonly Result[]>;
  isEverybodys: (error: unknown) => boolean;
  batchMax: number;
  waitingMax: number;
}): (call: Call) => Promise<Result> {
  const { run, isEverybodys, batchMax, waitingMax } = options;
  let waiting: Waiting<Call, Result>[] = [];
  let running = false;

  async function serve(batch: readonly Waiting<Call, Result>[]): Promise<void> {
    try {
      await isolate(batch, {
        isEverybodys,
        async work(part) {
          const results = await run(part.map(({ call }) => call));
          if (results.length !== part.length) throw new RangeError('A batch has as many results as calls');
          for (const [index, { resolve }] of part.entries()) resolve(results[index] as Result);
        },
        onFailed: ({ reject }, error) => reject(error),
      });
    } catch (error) {
      // Those that have their answer keep it.
      for (const { reject } of batch) reject(error);
    }
  }

  async function serveAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax);
      waiting = waiting.slice(batchMax);
      await serve(batch);
    }
    running = false;
  }

  return (call) =>
    new Promise<Result>((resolve, reject) => {
      if (waiting.length >= waitingMax) {
        reject(new TooManyWaitingError());
        return;
      }
      waiting.push({ call, resolve, reject });
      if (running) return;
      running = true;
      void serveAll();
    });
}
