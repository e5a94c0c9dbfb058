import { isTimeZone } from '@trackly-tune/domain';
import { callNetwork, type Caller } from './call-network.js';
import { isNotTold } from './is-not-told.js';
import { walkAnswer } from './walk-answer.js';

/** Zones without an area that say when the clock changes. */
const WHOLE_NAME = /^(?:UTC|EST5EDT|CST6CDT|MST7MDT|PST8PDT)$/;
const ZONE_NAME = /\b[A-Za-z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){1,2}/g;

/**
 * The one IANA zone that an answer names, wherever it stands; null for none and for several. Abbreviations and offsets
 * ("EST", "GMT-05:00") are no zones: they do not say when the clock changes.
 */
export function readTimeZone(data: unknown): string | null {
  const zones = new Set<string>();
  for (const { value } of walkAnswer(data)) {
    if (value.length > 200) continue;
    if (WHOLE_NAME.test(value.trim())) zones.add(value.trim());
    for (const [name] of value.matchAll(ZONE_NAME)) if (isTimeZone(name)) zones.add(name);
  }
  const [zone] = zones;
  return zones.size === 1 && zone !== undefined ? zone : null;
}

/** Application::getTimezone, whose body is not recorded anywhere; null also where the network refuses the question. */
export async function getTimeZone(caller: Caller, signal: AbortSignal | undefined): Promise<string | null> {
  const answer = await callNetwork(caller, { target: 'Application', method: 'getTimezone', signal }, { calls: 0 });
  if (answer.kind === 'data') return readTimeZone(answer.data);
  if (isNotTold(answer)) return null;
  throw answer.error;
}
