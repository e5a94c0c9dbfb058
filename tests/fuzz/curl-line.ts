import type { WrittenRequest } from './drawn-request.js';
import { headerLines } from './send-request.js';

const SHOWN_BYTES_MAX = 1_500;
const SHOWN_KEYS = { all: '$KEY', acme: '$KEY_OF_ACME', birch: '$KEY_OF_BIRCH' };
const QUOTE = 0x27;
const BACKSLASH = 0x5c;

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH;
const escape = (byte: number): string =>
  isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;

/** A text or bytes as one word of bash, whatever is in it. */
function quote(value: string | Uint8Array): string {
  const bytes = Buffer.from(value);
  const shown = bytes.subarray(0, SHOWN_BYTES_MAX);
  const text = shown.every(isPlain) ? `'${shown.toString('latin1')}'` : `$'${[...shown].map(escape).join('')}'`;
  return bytes.length > SHOWN_BYTES_MAX ? `${text} # cut: it has ${bytes.length} bytes` : text;
}

/** The request as a line for bash, to be tried again by hand; keys and servers are variables. */
export function curlLine(request: WrittenRequest): string {
  const lines = headerLines(request, SHOWN_KEYS).filter(([name]) => name !== 'content-length');
  return [
    `curl -sSi --path-as-is --globoff -X ${request.method}`,
    `"$${request.target.toUpperCase()}"${quote(request.url)}`,
    ...lines.map(([name, value]) =>
      value.startsWith('$KEY') ? `-H "${name}: ${value}"` : `-H ${quote(`${name}: ${value}`)}`,
    ),
    ...(request.body === null ? [] : [`--data-binary ${quote(request.body)}`]),
  ].join(' ');
}
