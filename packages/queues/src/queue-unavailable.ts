import { CodedError } from '@trackly-tune/domain';
/** Redis did not take the request. The caller may go on: the reconcilers find what a lost wake-up pointed at. */
export class QueueUnavailableError extends CodedError<'queue_unavailable'> {
  constructor(what: string, cause?: unknown) {
    super('queue_unavailable', `${what} failed: the queues cannot be reached`, { advice: 'retry-later', cause });
  }
}

/**
 * Runs a request to Redis that fails soon rather than late.
 *
 * @throws QueueUnavailableError also when the work takes longer than `limitMs`; the work itself may still succeed
 */
export async function orUnavailable<Result>(
  what: string,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work(), limit]);
  } catch (error) {
    throw new QueueUnavailableError(what, error);
  } finally {
    clearTimeout(timer);
  }
}
