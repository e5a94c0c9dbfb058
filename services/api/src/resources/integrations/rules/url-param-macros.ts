import { LINK_MACROS } from '@trackly-tune/domain';

const KNOWN = new RegExp(`\\{\\{(?:${LINK_MACROS.join('|')})\\}\\}`, 'g');

/** True when every `{{…}}` of a value is a known macro: a misspelt one would stand in every link. */
export function hasKnownMacrosOnly(value: string): boolean {
  return !value.replace(KNOWN, '').includes('{{');
}
