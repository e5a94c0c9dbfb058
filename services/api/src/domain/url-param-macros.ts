/** What the values of global URL params may hold, filled in for each link. */
export const URL_PARAM_MACROS = ['messageId', 'offerId', 'externalId', 'clickId'] as const;

const KNOWN = new RegExp(`\\{\\{(?:${URL_PARAM_MACROS.join('|')})\\}\\}`, 'g');

/** True when every `{{…}}` of a value is a known macro: a misspelt one would stand in every link. */
export function hasKnownMacrosOnly(value: string): boolean {
  return !value.replace(KNOWN, '').includes('{{');
}
