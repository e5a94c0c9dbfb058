import type { IncompleteBecause } from '@trackly-tune/domain';
import { READINGS_MAX } from '../retry/plan-retry.js';
import { NotWholeError } from './not-whole.js';

type Because = IncompleteBecause | 'read_before';

const WORDS: Readonly<Record<Because, string>> = {
  list_missing: 'holds no list',
  count_fell: 'counts fewer than the pages before, so that some have moved to a page that was read already',
  page_empty: 'is empty before the end',
  page_repeated: 'holds nothing but what the pages before held',
  read_before: 'was not the beginning of a whole one before',
};

/** What was read up to the page that showed that a list is not whole. */
export interface ShortReading {
  readonly because: Because;
  readonly page: number;
  readonly promised: number | null;
  readonly came: number;
  readonly reading: number;
}

/** A list was read and is not whole. What is in it is stored all the same; it is read again, then its slice fails. */
export class ReportIncompleteError extends NotWholeError<'report_incomplete'> {
  readonly needsPerson = false;

  constructor({ because, page, promised, came, reading }: ShortReading) {
    const counted =
      promised === null ? `${came} came and nobody says how many there are` : `${came} of ${promised} came`;
    super(
      'report_incomplete',
      `The report is not whole: ${counted}, and page ${page} ${WORDS[because]} (reading ${reading} of ${READINGS_MAX})`,
      { because, page, promised, came, reading },
    );
  }
}
