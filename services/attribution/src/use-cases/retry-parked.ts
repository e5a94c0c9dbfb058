import { FULL_PACE } from '../domain/pace.js';
import { createBooksWork, type BooksWorkOptions } from './books-work.js';

/** Tries what is parked on the way to the books and whose pause is over, each alone. Returns how many went through. */
export async function retryParked(options: BooksWorkOptions & { readonly signal: AbortSignal }): Promise<number> {
  const work = createBooksWork(options);
  return options.parking.retry(
    [
      work.reopen,
      work.admit(FULL_PACE.postbacksMax),
      work.settle,
      work.relay,
      work.finish,
      work.report,
      work.reattribute,
    ],
    options.signal,
  );
}
