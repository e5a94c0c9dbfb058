import { TuneError } from './tune-error.js';

const PLACEHOLDER = '{network_id}';

export interface TargetUrl {
  readonly origin: string;
  readonly path: string;
  /** What the template itself has after its `?`. */
  readonly query: string;
  /** Parameters that the address does not carry: without a placeholder the network is one (tune-api.md, section 1.1). */
  readonly params: Readonly<Record<string, string>>;
  /** The network is part of the host's name, so that an unknown name means an unknown network. */
  readonly networkInHost: boolean;
}

/** Throws RangeError when the template is no http(s) URL. */
export function checkApiUrl(apiUrl: string): void {
  const url = URL.canParse(apiUrl.replaceAll(PLACEHOLDER, 'network'))
    ? apiUrl.replaceAll(PLACEHOLDER, 'network')
    : null;
  if (url === null || !/^https?:$/.test(new URL(url).protocol)) {
    throw new RangeError('The TUNE API URL is not an http(s) URL');
  }
}

/** Where a network's API is. A network id that is no host label is no network's, and never becomes part of a URL. */
export function targetUrl(apiUrl: string, networkId: string): TargetUrl {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/i.test(networkId)) {
    throw new TuneError('network_not_found', 'The network id is not one: letters, digits and hyphens only');
  }
  const url = new URL(apiUrl.replaceAll(PLACEHOLDER, networkId));
  return {
    origin: url.origin,
    path: url.pathname,
    query: url.search.slice(1),
    params: apiUrl.includes(PLACEHOLDER) ? {} : { NetworkId: networkId },
    networkInHost: /^https?:\/\/[^/?#]*\{network_id\}/i.test(apiUrl),
  };
}
