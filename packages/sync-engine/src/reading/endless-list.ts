import { CodedError, type Advice } from '@trackly-tune/domain';

/** The network shows page after page without an end. */
export class EndlessListError extends CodedError<'too_many_pages'> {
  /** @param what it is, e.g. "The report" */
  constructor(what: string, pagesMax: number, advice: Advice) {
    super('too_many_pages', `${what} does not end after ${pagesMax} pages`, { advice });
  }
}
