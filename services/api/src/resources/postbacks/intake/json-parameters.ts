import type { PostbackParameters } from '@trackly-tune/domain';
import { isLosslessNumber, parse } from 'lossless-json';

function valueOf(value: unknown): string | null | undefined {
  // Its digits as they were sent: an amount is never a float.
  if (isLosslessNumber(value)) return value.value;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  // What is nested says nothing that is understood; null is a value that was not filled.
  return value === null ? undefined : null;
}

/** The parameters of a JSON body, numbers with their digits; null when it is no JSON object. An empty one has none. */
export function parseJsonParameters(text: string): PostbackParameters | null {
  if (text.trim() === '') return {};
  let sent: unknown;
  try {
    sent = parse(text);
  } catch {
    return null;
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent) || isLosslessNumber(sent)) return null;
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, valueOf(value)]));
}
