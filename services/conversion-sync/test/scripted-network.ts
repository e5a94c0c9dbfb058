import { CodedError, type ReportRow } from '@trackly-tune/domain';
import type { ConversionsQuery, ReportPage, TuneClient } from '@trackly-tune/tune-client';

/** What a call to TUNE ends with when it does not end well: an error as the client throws it. */
export function tuneFailure(
  code: string,
  advice: 'retry' | 'retry-later' | 'never' = 'retry',
  retryAfterMs?: number,
): Error {
  return new CodedError(code, `TUNE says ${code}`, { advice, retryAfterMs });
}

/** A row of the report as the client hands it out. */
export function reportRow(n: number, changes: Record<string, string | null> = {}): ReportRow {
  return {
    'Stat.tune_event_id': `ev-${n}`,
    'Stat.ad_id': `ad-${n}`,
    'Stat.offer_id': '7',
    'Stat.affiliate_id': '3',
    'Stat.datetime': '2026-11-20 10:43:11',
    'Stat.status': 'approved',
    'Stat.payout': '1.50000',
    'Stat.currency': 'USD',
    'Stat.goal_id': '0',
    'Stat.status_code': '43',
    'Stat.is_adjustment': '0',
    'Stat.affiliate_info1': `Msg0000${n % 10}`,
    ...changes,
  };
}

/**
 * A network at the other end of the client's contract, whose every answer is set by the test: for faults at exact
 * steps. What TUNE's own protocol looks like is the business of the client's tests and of the simulator.
 */
export class ScriptedNetwork {
  rows: ReportRow[] = [];
  readonly queries: ConversionsQuery[] = [];
  /** Optional fields that the network refuses; their columns are left out. */
  refusedFields: string[] = [];
  currencyColumns: string[] = [];
  activeCurrencies: readonly string[] | null = null;
  /** Called before each answer; may wait, throw, or change the rows. */
  before: (query: ConversionsQuery, call: number) => Promise<void> | void = () => undefined;
  /** Changes a page on its way out. */
  answer: (page: ReportPage) => ReportPage = (page) => page;
  opened = 0;
  closed = 0;

  open = (): TuneClient => {
    this.opened += 1;
    const silent = (): Promise<null> => Promise.resolve(null);
    return {
      getConversions: (query) => this.#getConversions(query),
      getTimeZone: silent,
      getDefaultCurrency: silent,
      getActiveCurrencies: async () => this.activeCurrencies,
      findAffiliate: silent,
      listOffers: () => Promise.reject(tuneFailure('tune_error', 'never')),
      findChangedConversions: () => Promise.reject(tuneFailure('tune_error', 'never')),
      maskRow: (row) => row,
      close: async () => void (this.closed += 1),
    };
  };

  async #getConversions(query: ConversionsQuery): Promise<ReportPage> {
    this.queries.push(query);
    await this.before(query, this.queries.length);
    query.signal?.throwIfAborted();
    const { required, optional } = query.fields;
    const refused = this.refusedFields.filter((field) => [...required, ...optional].includes(field));
    const forbidden = refused.find((field) => required.includes(field));
    if (forbidden !== undefined) throw tuneFailure('required_field_forbidden', 'never');
    const shown = new Set([...required, ...optional].filter((field) => !refused.includes(field)));
    const start = (query.page - 1) * query.limit;
    const rows = this.rows
      .slice(start, start + query.limit)
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(([field]) => shown.has(field) || field.startsWith('Stat.payout@')),
        ),
      );
    return this.answer({
      rows,
      listed: true,
      page: query.page,
      pageCount: Math.ceil(this.rows.length / query.limit),
      count: this.rows.length,
      currencyColumns: this.currencyColumns,
      refusedFields: refused,
      apiCalls: 1,
    });
  }
}
