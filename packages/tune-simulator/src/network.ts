import { createCallLog, type CallLog } from './call-log.js';
import { changeConversions, type ChangeOptions } from './conversions/change-conversions.js';
import type { Conversion, ConversionChange, NewConversion } from './conversions/conversion.js';
import { ConversionTable } from './conversions/conversion-table.js';
import { keepBooks, type Books, type BooksQuery } from './conversions/keep-books.js';
import { plantConversions, type Planted, type PlantOptions } from './conversions/plant-conversions.js';
import { firePostbacks, type FiredPostback, type PostbackOptions } from './fire-postbacks.js';
import { createMethods, type AnswerMethod } from './methods.js';
import {
  completeSpec,
  type NetworkChange,
  type NetworkSettings,
  type NetworkSpec,
  type OfferSpec,
} from './network-spec.js';

export interface ConversionsFilter {
  readonly affiliateId?: string;
  /** Conversions created after this event id. */
  readonly after?: string;
  readonly limit?: number;
}

/** A network as tests, the demo and the benches deal with it. Event ids that it does not have are a RangeError. */
export interface SimulatedNetwork {
  readonly id: string;
  settings(): NetworkSettings;
  /** Changes settings from the next call on: a new token, a forbidden field, an address no longer white-listed, … */
  configure(change: NetworkChange): void;
  /** Adds an offer, or takes the place of the one with its id. */
  putOffer(offer: OfferSpec): void;
  plantConversions(options: PlantOptions): Planted;
  addConversion(conversion: NewConversion): Conversion;
  changeConversion(tuneEventId: string, change: ConversionChange): Conversion;
  changeConversions(options: ChangeOptions): string[];
  conversion(tuneEventId: string): Conversion;
  /** In the order of creation. */
  conversions(filter?: ConversionsFilter): Generator<Conversion>;
  books(query: BooksQuery): Books;
  /** Calls the partner's postback URL for conversions, given themselves or by event id. */
  firePostbacks(
    urlTemplate: string,
    conversions: Iterable<Conversion | string>,
    options?: PostbackOptions,
  ): Promise<FiredPostback[]>;
  calls(): ReturnType<CallLog['calls']>;
  callsInWorstWindow(windowMs: number): number;
  clearCalls(): void;
}

/** What the HTTP side needs besides. */
export interface RunningNetwork extends SimulatedNetwork {
  readonly callLog: CallLog;
  readonly answer: AnswerMethod;
}

export function createNetwork(spec: NetworkSpec, now: () => number): RunningNetwork {
  let settings = completeSpec(spec);
  const table = new ConversionTable(() => settings, now);
  const callLog = createCallLog();

  function* conversions(filter: ConversionsFilter = {}): Generator<Conversion> {
    const { affiliateId, after, limit = Infinity } = filter;
    let left = limit;
    for (let at = after === undefined ? 0 : table.rowOf(after) + 1; at < table.store.size && left > 0; at++) {
      if (affiliateId !== undefined && table.store.columns.affiliate[at] !== Number(affiliateId)) continue;
      left -= 1;
      yield table.view(at);
    }
  }

  const conversion = (tuneEventId: string): Conversion => table.view(table.rowOf(tuneEventId));
  return {
    id: settings.id,
    settings: () => settings,
    configure(change) {
      const { id, seed, timeZone, currencies, offers, affiliates, advertisers } = settings;
      settings = {
        ...settings,
        ...change,
        id,
        seed,
        timeZone,
        currencies,
        offers,
        affiliates,
        advertisers,
      };
    },
    putOffer(offer) {
      const offers = settings.offers.filter(({ id }) => id !== offer.id);
      settings = { ...settings, offers: [...offers, offer] };
    },
    plantConversions: (options) => plantConversions(table, options),
    addConversion: (added) => table.add(added),
    changeConversion: (tuneEventId, change) => table.change(tuneEventId, change),
    changeConversions: (options) => changeConversions(table, options),
    conversion,
    conversions,
    books: (query) => keepBooks(table, query),
    firePostbacks(urlTemplate, fired, options) {
      const list = Array.from(fired, (one) => (typeof one === 'string' ? conversion(one) : one));
      return firePostbacks(urlTemplate, list, options, ({ offerId, goalId }) => {
        const goals = settings.offers.find(({ id }) => id === offerId)?.goals ?? [];
        return goals.find(({ id }) => id === goalId)?.name;
      });
    },
    calls: () => callLog.calls(),
    callsInWorstWindow: (windowMs) => callLog.callsInWorstWindow(windowMs),
    clearCalls: () => callLog.clear(),
    callLog,
    answer: createMethods(table),
  };
}
