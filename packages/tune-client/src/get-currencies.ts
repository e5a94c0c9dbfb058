import { isKnownCurrency } from '@trackly-tune/domain';
import { callNetwork, type Caller } from './call-network.js';
import { isNotTold } from './is-not-told.js';
import { filledText, isRecord } from './read-scalar.js';
import { walkAnswer, type Leaf } from './walk-answer.js';

/** The surest name first (tune-api.md, section 4.6). */
const DEFAULT_NAMES = ['network_currency', 'default_currency', 'currency'];
const NAME_KEYS = ['name', 'key', 'preference'];

/** What a value is about: its own key, or its neighbour's text in a list of `{name, value}`. */
function nameOf({ key, siblings }: Leaf): string {
  if (key !== 'value') return key;
  return NAME_KEYS.map((name) => filledText(siblings[name])).find((text) => text !== null) ?? key;
}

/** The network's default currency in an answer of unknown shape; null for none and for several. */
export function readDefaultCurrency(data: unknown): string | null {
  const leaves = walkAnswer(data).map((leaf) => ({ name: nameOf(leaf).toLowerCase(), value: leaf.value.trim() }));
  for (const wanted of DEFAULT_NAMES) {
    const found = leaves.filter(({ name, value }) => name === wanted && isKnownCurrency(value));
    const codes = new Set(found.map(({ value }) => value));
    const [code] = codes;
    if (codes.size > 1) return null;
    if (code !== undefined) return code;
  }
  return null;
}

/** The currencies in an answer of unknown shape: a list of codes, a map by code, or entries with a code. */
export function readActiveCurrencies(data: unknown): readonly string[] | null {
  const codes = new Set(
    walkAnswer(data)
      .map(({ value }) => value.trim())
      .filter(isKnownCurrency),
  );
  if (isRecord(data))
    Object.keys(data)
      .filter(isKnownCurrency)
      .forEach((code) => codes.add(code));
  return codes.size === 0 ? null : [...codes].sort();
}

/** Asks for the preferences, then for the brand; neither body is recorded anywhere. null when neither says it. */
export async function getDefaultCurrency(caller: Caller, signal: AbortSignal | undefined): Promise<string | null> {
  for (const [target, method] of [
    ['Preference', 'findAll'],
    ['Application', 'getBrand'],
  ] as const) {
    const answer = await callNetwork(caller, { target, method, signal }, { calls: 0 });
    if (answer.kind === 'refused' && !isNotTold(answer)) throw answer.error;
    const currency = answer.kind === 'data' ? readDefaultCurrency(answer.data) : null;
    if (currency !== null) return currency;
  }
  return null;
}

/** Report::getActiveCurrencies, whose body is not recorded anywhere; null where the network does not say. */
export async function getActiveCurrencies(
  caller: Caller,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | null> {
  const answer = await callNetwork(caller, { target: 'Report', method: 'getActiveCurrencies', signal }, { calls: 0 });
  if (answer.kind === 'data') return readActiveCurrencies(answer.data);
  if (isNotTold(answer)) return null;
  throw answer.error;
}
