const ORIGIN = /^https?:\/\/[^/\\\s?#@]+\/?$/i;
const WEB = /^https?:\/*/i;

/**
 * Reads the network's tracking domain: an origin, that is http or https, a host and perhaps a port. Links are built on
 * it (`/aff_c`, `/aff_i`), so a path would stand twice in them; it is never called. null for anything else.
 */
export function readBaseUrl(text: string): string | null {
  return ORIGIN.test(text) && URL.canParse(text) ? new URL(text).origin : null;
}

/** The origin that was probably meant by a text that is none; null where that cannot be told. */
function guessOrigin(text: string): string | null {
  const given = text.trim();
  if (!WEB.test(given) && given.includes('://')) return null;
  const scheme = /^http:/i.test(given) ? 'http' : 'https';
  const candidate = `${scheme}://${given.replace(WEB, '')}`;
  if (/[\\\s]/.test(candidate) || !URL.canParse(candidate)) return null;
  const { hostname, origin } = new URL(candidate);
  return hostname.includes('.') || hostname === 'localhost' ? origin : null;
}

/** What is wrong with a base URL that `readBaseUrl` refuses, for a person; no part but its host is repeated. */
export function explainBaseUrl(text: string): string {
  const meant = guessOrigin(text);
  const rule = 'must be a scheme and a host, perhaps a port, without path, query or user';
  return meant === null ? `${rule}, e.g. https://go.example.com` : `${rule}; probably ${meant} is meant`;
}
