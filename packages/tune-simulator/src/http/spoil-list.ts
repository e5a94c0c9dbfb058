import { encodeTuneJson } from '../envelope.js';
import type { FaultDetail } from '../faults.js';
import type { Answer } from './answer-call.js';

/** Ways in which a list can be less than it says, or more, with a good status and no error. */
export type ListFault = 'short_page' | 'count_fall' | 'data_null' | 'emptied_list' | 'extra_rows';

interface Envelope {
  readonly [field: string]: unknown;
  readonly data?: unknown;
}

function firstOf(list: unknown, rows: number): unknown {
  if (Array.isArray(list)) return list.slice(0, rows);
  const entries = Object.entries(list ?? {}).slice(0, rows);
  // PHP writes an empty map as a list (quirk 5).
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}

/** The list with copies of its first entry; in a map each under a number of its own. */
function withCopies(list: unknown, copies: number): unknown {
  if (Array.isArray(list)) return [...(list as unknown[]), ...Array.from({ length: copies }, () => list[0] as unknown)];
  const entries = Object.entries(list ?? {});
  const more = Array.from({ length: copies }, (_, at) => [String(900_000_000 + at), entries[0]?.[1]] as const);
  return Object.fromEntries([...entries, ...more]);
}

function fallen(value: unknown, by: number): unknown {
  const count = Math.max(0, Number(value) - by);
  return typeof value === 'string' ? String(count) : count;
}

/** A whole list of nothing: what the network counts is 0, in the way in which it writes it. */
function emptied(envelope: Envelope): unknown {
  if (!('data' in envelope)) return [];
  const none = (name: string) => {
    const value = envelope[name];
    return value === undefined || value === null ? {} : { [name]: typeof value === 'string' ? '0' : 0 };
  };
  return { ...envelope, ...none('count'), ...none('pageCount'), data: [] };
}

function spoil(
  envelope: Envelope,
  kind: ListFault,
  { rows = kind === 'extra_rows' ? 1_000 : 0, by = 1 }: FaultDetail,
): unknown {
  switch (kind) {
    case 'short_page':
      return { ...envelope, data: firstOf(envelope.data, rows) };
    case 'count_fall':
      return envelope['count'] === null ? envelope : { ...envelope, count: fallen(envelope['count'], by) };
    case 'data_null':
      return { ...envelope, data: null };
    case 'extra_rows':
      return { ...envelope, data: withCopies(envelope.data, rows) };
    case 'emptied_list':
      return emptied(envelope);
  }
}

/** The right answer to a call for a list, but for what the fault does to it. Answers without a list stay as they are. */
export function spoilList(answer: Answer, kind: ListFault, detail: FaultDetail): Answer {
  const body = JSON.parse(answer.body) as { response?: { data?: unknown } };
  const data = body.response?.data;
  if (typeof data !== 'object' || data === null) return answer;
  const spoilt = kind === 'data_null' && detail.whole === true ? null : spoil(data as Envelope, kind, detail);
  return { ...answer, body: encodeTuneJson({ ...body, response: { ...body.response, data: spoilt } }) };
}
