import { CodedError } from '@trackly-tune/domain';
/** Something took longer than it may. */
export class TimeLimitError extends CodedError<'time_limit_exceeded'> {
  constructor(what: string, limitMs: number) {
    super('time_limit_exceeded', `${what} gave no answer within ${limitMs} ms`, { advice: 'retry' });
  }
}

/** Waits for work, but no longer than `limitMs`; the work itself goes on. Throws TimeLimitError. */
export async function withTimeLimit<Result>(
  what: string,
  limitMs: number,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(what, limitMs)), limitMs);
  });
  try {
    return await Promise.race([Promise.resolve(work()), limit]);
  } finally {
    clearTimeout(timer);
  }
}
