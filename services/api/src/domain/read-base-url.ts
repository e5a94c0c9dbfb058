const FORM = /^https?:\/\/[^/\\\s?#@]+(?:\/[^\\\s?#]*)?$/i;

/**
 * Reads the network's tracking domain: http or https, perhaps a port and a path, without credentials, query and
 * fragment. Links are built on it; it is never called. Returns it without a slash at its end, null for anything else.
 */
export function readBaseUrl(text: string): string | null {
  if (!FORM.test(text) || !URL.canParse(text)) return null;
  return new URL(text).href.replace(/\/+$/, '');
}
