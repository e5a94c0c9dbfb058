import { createAnswerMemory } from './answer-memory.js';
import type { Caller, ObservedCall } from './call-network.js';
import { findAffiliate } from './find-affiliate.js';
import { findChangedConversions } from './find-changed-conversions.js';
import { getConversions } from './get-conversions.js';
import { getActiveCurrencies, getDefaultCurrency } from './get-currencies.js';
import { getTimeZone } from './get-time-zone.js';
import { DEFAULT_LIMITS, type TuneLimits } from './limits.js';
import { listOffers } from './list-offers.js';
import { createNetworkDoors } from './network-door.js';
import { createRowMask } from './mask-row.js';
import { createScrubber } from './scrub-token.js';
import { checkApiUrl } from './target-url.js';
import { TuneError } from './tune-error.js';
import type { RateBudget, TuneClient, TuneClients } from './types.js';

/** A signal that either the caller or `close` aborts, for the time of one question. */
async function whileOpen<T>(
  closing: AbortSignal,
  given: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (closing.aborted || given?.aborted) throw new TuneError('aborted', 'The call was given up');
  const controller = new AbortController();
  const giveUp = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
  for (const signal of [closing, given]) signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await ask(controller.signal);
  } finally {
    for (const signal of [closing, given]) signal?.removeEventListener('abort', giveUp);
  }
}

function openClient(caller: Caller): TuneClient {
  const closing = new AbortController();
  const during = <T>(given: AbortSignal | undefined, ask: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    whileOpen(closing.signal, given, ask);
  return {
    getConversions: (query) => during(query.signal, (signal) => getConversions(caller, { ...query, signal })),
    getTimeZone: (given) => during(given, (signal) => getTimeZone(caller, signal)),
    getDefaultCurrency: (given) => during(given, (signal) => getDefaultCurrency(caller, signal)),
    getActiveCurrencies: (given) => during(given, (signal) => getActiveCurrencies(caller, signal)),
    findAffiliate: (id, given) => during(given, (signal) => findAffiliate(caller, id, signal)),
    listOffers: (query) => during(query.signal, (signal) => listOffers(caller, { ...query, signal })),
    findChangedConversions: (query) =>
      during(query.signal, (signal) => findChangedConversions(caller, { ...query, signal })),
    maskRow: createRowMask(caller.networkToken),
    close: async () => closing.abort(),
  };
}

export interface TuneClientsOptions {
  /** A template: `{network_id}` is replaced; without it the network goes as the parameter `NetworkId`. */
  readonly apiUrl: string;
  readonly budget: RateBudget;
  readonly limits?: Partial<TuneLimits>;
  /** Told of each HTTP call that went out, for metrics. */
  readonly observe?: (call: ObservedCall) => void;
}

/**
 * Opens clients of TUNE networks. Clients of one network share its kept-alive connections and what was learnt of it;
 * closing one gives up its own calls (`aborted`), `close` of the whole breaks all connections. Throws RangeError for a
 * template that is no http(s) URL.
 */
export function createTuneClients(options: TuneClientsOptions): TuneClients {
  checkApiUrl(options.apiUrl);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const doors = createNetworkDoors(options.apiUrl, limits);
  const memory = createAnswerMemory(limits.answersBytesMax);
  const open = new Set<TuneClient>();
  return {
    open({ networkId, networkToken, lane }) {
      const client = openClient({
        networkId: networkId.toLowerCase(),
        networkToken,
        lane: lane ?? 'live',
        budget: options.budget,
        limits,
        memory,
        observe: options.observe,
        scrub: createScrubber(networkToken),
        door: () => doors.of(networkId),
      });
      open.add(client);
      return {
        ...client,
        close: async () => {
          open.delete(client);
          await client.close();
        },
      };
    },
    async close() {
      await Promise.all([...open].map((client) => client.close()));
      open.clear();
      await doors.close();
    },
  };
}
