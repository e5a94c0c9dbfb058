import type { ReportRow } from '@trackly-tune/domain';

/** One page of Report::getConversions. */
export interface ReportPage {
  readonly rows: readonly ReportRow[];
  readonly page: number;
  /** As TUNE says; null where it does not (quirk 9). */
  readonly pageCount: number | null;
  readonly count: number | null;
  /** `data.currency_columns`, e.g. `Stat.payout@EUR`; empty where one currency runs. */
  readonly currencyColumns: readonly string[];
  /** Optional fields that the network refused (quirk 19). */
  readonly refusedFields: readonly string[];
  /** HTTP calls that this page took. */
  readonly apiCalls: number;
}

export interface ConversionsQuery {
  readonly affiliateId: string;
  /** Network-local `YYYY-MM-DD hh:mm:ss`, both inclusive. */
  readonly fromTime: string;
  readonly toTime: string;
  readonly page: number;
  readonly limit: number;
  readonly fields: { readonly required: readonly string[]; readonly optional: readonly string[] };
  readonly signal?: AbortSignal;
}

/** What the services need of a TUNE network. */
export interface TuneClient {
  getConversions(query: ConversionsQuery): Promise<ReportPage>;
  /** The currencies in use; null when the network does not say. */
  getActiveCurrencies(signal?: AbortSignal): Promise<readonly string[] | null>;
  close(): Promise<void>;
}
