import { READINGS_MAX, type IncompleteBecause } from '@trackly-tune/domain';

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
export class ReportIncompleteError extends Error {
  readonly code = 'report_incomplete';
  readonly advice = 'retry';
  /** For the integration's log. */
  readonly context: Readonly<Record<string, number | string | null>>;

  constructor({ because, page, promised, came, reading }: ShortReading) {
    const counted =
      promised === null ? `${came} came and nobody says how many there are` : `${came} of ${promised} came`;
    super(
      `The report is not whole: ${counted}, and page ${page} ${WORDS[because]} (reading ${reading} of ${READINGS_MAX})`,
    );
    this.name = 'ReportIncompleteError';
    this.context = { because, page, promised, came, reading };
  }
}

/** What the integration's log says beside the words of a failure: where the slice stood, and of a short report the sums. */
export function contextOf(error: unknown, slice: { nextPage: number }): ReportIncompleteError['context'] {
  return error instanceof ReportIncompleteError ? error.context : { page: slice.nextPage };
}
