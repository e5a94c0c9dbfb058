import { encodeJson, percentEncode, textOf, type Drawn, type Find } from './drawn-values.js';

/** Whose keys a request may carry. `raw`: a header as it stands. */
export type DrawnKey = 'all' | 'acme' | 'birch' | 'none' | { readonly raw: readonly string[] };

/** Servers that a request may go to. */
export type Target = 'api' | 'postbacks' | 'worker';

export type PathStep = { readonly literal: string } | { readonly encoded: Drawn };

export interface DrawnBody {
  /** Content type; null for none. */
  readonly type: string | null;
  readonly content: Drawn | Uint8Array;
  /** How the content is written; `json` unless it is bytes. */
  readonly as: 'json' | 'form';
  /** Characters that are cut off its end. */
  readonly cut: number;
}

export interface DrawnRequest {
  readonly target: Target;
  readonly method: string;
  readonly path: readonly PathStep[];
  readonly query: readonly (readonly [name: string, value: Drawn])[];
  /** Stands behind the query as it is. */
  readonly tail: string;
  readonly key: DrawnKey;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: DrawnBody | null;
}

/** A request as it goes over the wire, but for the secret of its key. */
export interface WrittenRequest {
  readonly target: Target;
  readonly method: string;
  readonly url: string;
  readonly key: DrawnKey;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
}

function formOf(content: Drawn, find: Find): string {
  if (typeof content !== 'object' || content === null) return textOf(content, find);
  return Object.entries(content as Readonly<Record<string, Drawn>>)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(textOf(value, find))}`)
    .join('&');
}

function writeBody({ content, as, cut }: DrawnBody, find: Find): Uint8Array {
  if (content instanceof Uint8Array) return content;
  const text = as === 'form' ? formOf(content, find) : encodeJson(content, find);
  return Buffer.from(cut === 0 ? text : text.slice(0, -cut));
}

/** Fills in what exists. */
export function writeRequest({ path, query, tail, body, headers, ...drawn }: DrawnRequest, find: Find): WrittenRequest {
  const steps = path.map((step) => ('literal' in step ? step.literal : percentEncode(textOf(step.encoded, find))));
  const pairs = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(textOf(value, find))}`);
  const asked = [...pairs, ...(tail === '' ? [] : [tail])].join('&');
  return {
    ...drawn,
    url: `/${steps.join('/')}${asked === '' ? '' : `?${asked}`}`,
    headers: [...headers, ...(body === null || body.type === null ? [] : [['content-type', body.type] as const])],
    body: body === null ? null : writeBody(body, find),
  };
}
