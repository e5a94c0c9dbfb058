import type { ChangeOptions } from './conversions/change-conversions.js';
import type { Conversion, ConversionChange, NewConversion } from './conversions/conversion.js';
import type { Books, BooksQuery } from './conversions/keep-books.js';
import type { Planted, PlantOptions } from './conversions/plant-conversions.js';
import type { Call } from './call-log.js';
import type { FaultKind, Faults } from './faults.js';
import type { FiredPostback, PostbackOptions } from './fire-postbacks.js';
import type { ConversionsFilter } from './network.js';
import type { NetworkChange, NetworkSpec, OfferSpec } from './network-spec.js';

/** A network of a simulator that runs in another process. */
export interface RemoteNetwork {
  configure(change: NetworkChange): Promise<void>;
  putOffer(offer: OfferSpec): Promise<void>;
  plantConversions(options: PlantOptions): Promise<Planted>;
  addConversion(conversion: NewConversion): Promise<Conversion>;
  changeConversion(tuneEventId: string, change: ConversionChange): Promise<Conversion>;
  changeConversions(options: ChangeOptions): Promise<string[]>;
  /** At most 1,000 unless `limit` says more; the last one's event id is `after` of the next. */
  conversions(filter?: ConversionsFilter): Promise<Conversion[]>;
  books(query: BooksQuery): Promise<Books>;
  firePostbacks(urlTemplate: string, eventIds: readonly string[], options?: PostbackOptions): Promise<FiredPostback[]>;
  calls(windowMs?: number): Promise<{ total: number; calls: Call[]; worstWindow: number }>;
  clearCalls(): Promise<void>;
}

/** A simulator that runs in another process. Every method throws with the simulator's reason when it refuses. */
export interface RemoteSimulator {
  readonly url: string;
  readonly apiUrl: string;
  network(id: string): RemoteNetwork;
  addNetwork(spec: NetworkSpec): Promise<void>;
  readonly faults: {
    next(kind: FaultKind, options?: Parameters<Faults['next']>[1]): Promise<void>;
    set(options: Parameters<Faults['set']>[0]): Promise<void>;
    clear(): Promise<void>;
    met(): Promise<ReturnType<Faults['met']>>;
  };
}

type Send = <T>(method: string, path: string, body?: unknown) => Promise<T>;

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.toString();
}

function remoteNetwork(send: Send, id: string): RemoteNetwork {
  const at = `/networks/${encodeURIComponent(id)}`;
  return {
    configure: (change) => send('PATCH', at, change),
    putOffer: (offer) => send('POST', `${at}/offers`, offer),
    plantConversions: (options) => send('POST', `${at}/plant`, options),
    addConversion: (conversion) => send('POST', `${at}/conversions`, conversion),
    changeConversion: (eventId, change) => send('PATCH', `${at}/conversions/${eventId}`, change),
    changeConversions: async (options) =>
      (await send<{ eventIds: string[] }>('POST', `${at}/changes`, options)).eventIds,
    conversions: (filter = {}) => send('GET', `${at}/conversions?${query({ ...filter })}`),
    books: (wanted) => send('GET', `${at}/books?${query({ ...wanted })}`),
    firePostbacks: (urlTemplate, eventIds, options = {}) =>
      send('POST', `${at}/postbacks`, { urlTemplate, eventIds, ...options }),
    calls: (windowMs) => send('GET', `${at}/calls?${query({ windowMs })}`),
    clearCalls: () => send('DELETE', `${at}/calls`),
  };
}

/** Speaks to the control plane of a simulator by its base URL. */
export function controlTuneSimulator(url: string): RemoteSimulator {
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const content =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${url}/_control${path}`, { method, ...content });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The simulator refused ${method} ${path}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }
  return {
    url,
    apiUrl: `${url}/{network_id}/Apiv3/json`,
    network: (id) => remoteNetwork(send, id),
    addNetwork: (spec) => send('POST', '/networks', spec),
    faults: {
      next: (kind, options) => send('POST', '/faults/next', { ...options, kind }),
      set: (options) => send('PUT', '/faults', options),
      clear: () => send('DELETE', '/faults'),
      met: () => send('GET', '/faults'),
    },
  };
}
