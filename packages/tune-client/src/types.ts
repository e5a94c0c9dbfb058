import type { ReportRow } from '@trackly-tune/domain';

/** One page of Report::getConversions. */
export interface ReportPage {
  readonly rows: readonly ReportRow[];
  /** False where TUNE shows nothing in the place of the rows (null, "" or no field); an empty list is one. */
  readonly listed: boolean;
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

/** An offer of the network's catalogue, as TUNE tells it: texts are unchanged, "none" in all its spellings is null. */
export interface NetworkOffer {
  readonly externalId: string;
  readonly name: string | null;
  /** `active`, `paused`, `pending`, `expired`, `deleted`, or what else TUNE says. */
  readonly tuneStatus: string;
  readonly offerUrl: string | null;
  readonly previewUrl: string | null;
  /** Decimal texts; `payoutType` says which of the two counts (quirk 15). */
  readonly defaultPayout: string | null;
  readonly percentPayout: string | null;
  readonly payoutType: string | null;
  /** null: the network's default currency. */
  readonly currency: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
  /** `YYYY-MM-DD hh:mm:ss`, network-local; a zero date is none, but still stands here (quirk 12). */
  readonly expirationDate: string | null;
  /** Computed by TUNE, whose `tuneStatus` stays what it was. */
  readonly isExpired: boolean;
}

export interface OfferPage {
  readonly offers: readonly NetworkOffer[];
  /** Entries without an id, which nothing can be done with. */
  readonly unreadable: number;
  /** What tells its entries from others, those without an id included; each once. */
  readonly keys: readonly string[];
  /** As in ReportPage. */
  readonly listed: boolean;
  readonly page: number;
  readonly pageCount: number | null;
  readonly count: number | null;
  readonly apiCalls: number;
}

export interface Affiliate {
  readonly id: string;
  readonly company: string | null;
  readonly status: string | null;
}

/** Which conversions people changed or added by hand on some days. A hint only: its own shape is not known. */
export interface ChangedConversions {
  /** Days (`YYYY-MM-DD`, network-local) on which the named conversions happened, where the rows say so. */
  readonly days: readonly string[];
  readonly rows: number;
  /** Rows that say no day that could be read. */
  readonly withoutDay: number;
  /** What tells its rows from others; each once. */
  readonly keys: readonly string[];
  /** As in ReportPage. */
  readonly listed: boolean;
  /** The answer came without an envelope for paging, as from a method that does not page (quirk 7). */
  readonly bare: boolean;
  readonly page: number;
  readonly pageCount: number | null;
  readonly count: number | null;
  readonly apiCalls: number;
}

/** What the services need of a TUNE network. Every method throws TuneError. */
export interface TuneClient {
  getConversions(query: ConversionsQuery): Promise<ReportPage>;
  /** The network's IANA time zone; null when it says none that could be understood. */
  getTimeZone(signal?: AbortSignal): Promise<string | null>;
  /** ISO 4217; null when the network does not say. */
  getDefaultCurrency(signal?: AbortSignal): Promise<string | null>;
  /** The currencies in use; null when the network does not say. */
  getActiveCurrencies(signal?: AbortSignal): Promise<readonly string[] | null>;
  /** null: the network has no such affiliate. */
  findAffiliate(affiliateId: string, signal?: AbortSignal): Promise<Affiliate | null>;
  listOffers(query: { page: number; limit: number; signal?: AbortSignal }): Promise<OfferPage>;
  /** `fromDay`, `toDay`: network-local days on which the change was made, both inclusive. */
  findChangedConversions(query: {
    kind: 'updated' | 'added';
    fromDay: string;
    toDay: string;
    page: number;
    limit: number;
    signal?: AbortSignal;
  }): Promise<ChangedConversions>;
  /** A row of a report without the token that TUNE may have put into it, fit to be kept for people. */
  maskRow(row: ReportRow): ReportRow;
  close(): Promise<void>;
}

/** Live work goes first; background work (backfills) takes only what live work leaves. */
export type BudgetLane = 'live' | 'background';

/** Opens clients that share connections and the rate budget. */
export interface TuneClients {
  open(credentials: { networkId: string; networkToken: string; lane?: BudgetLane }): TuneClient;
  close(): Promise<void>;
}

/** A call that may go out now. */
export interface Turn {
  /** The call was answered: until this is said, it counts as one that may still be on its way to the network. */
  arrived(): void;
}

/**
 * The calls that a network may still be asked for, shared by all processes through Redis (law 9). Without Redis nothing
 * calls TUNE.
 */
export interface RateBudget {
  /** Resolves when one call may go out; throws TuneError `budget_unavailable` (Redis away, or a wait that is too long). */
  take(networkId: string, options?: { lane?: BudgetLane; signal?: AbortSignal }): Promise<Turn>;
  /** TUNE limited us below the budget: nobody calls this network for the window, and its share shrinks for a while. */
  limited(networkId: string): Promise<void>;
}
