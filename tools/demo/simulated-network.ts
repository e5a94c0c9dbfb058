import type { ApiClient } from './api-client.js';

export interface BookLine {
  readonly currency: string;
  readonly conversions: number;
  readonly revenue: string;
  readonly pending: string;
}

/** The network's own books: what the product's must equal. */
export interface NetworkBooks {
  readonly totals: readonly BookLine[];
  readonly byOffer: readonly (BookLine & { readonly offerId: string })[];
  readonly byMessage: readonly (BookLine & { readonly messageId: string | null })[];
}

/** The other side of the demo: what happens in a network, told to its simulator over HTTP. */
export interface SimulatedNetworks {
  add(spec: object): Promise<void>;
  plant(id: string, options: object): Promise<{ count: number; firstEventId: string | null }>;
  /** Fires each conversion's postback at a URL with macros; the HTTP status of each, null when no answer came. */
  firePostbacks(id: string, urlTemplate: string, eventIds: readonly string[]): Promise<(number | null)[]>;
  change(id: string, options: object): Promise<{ eventIds: string[] }>;
  books(id: string, affiliateId: string): Promise<NetworkBooks>;
}

export function simulatedNetworks(control: ApiClient): SimulatedNetworks {
  const at = (id: string): string => `/_control/networks/${id}`;
  return {
    add: async (spec) => void (await control.post('/_control/networks', spec)),
    plant: (id, options) => control.post(`${at(id)}/plant`, options),
    firePostbacks: async (id, urlTemplate, eventIds) => {
      const fired = await control.post<{ status: number | null }[]>(`${at(id)}/postbacks`, { urlTemplate, eventIds });
      return fired.map(({ status }) => status);
    },
    change: (id, options) => control.post(`${at(id)}/changes`, options),
    books: (id, affiliateId) => control.get(`${at(id)}/books?affiliateId=${affiliateId}`),
  };
}
