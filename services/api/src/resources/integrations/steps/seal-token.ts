import { tokenContext, type KeyRing } from '@trackly-tune/service-runtime';

const HINT_LENGTH = 4;

/** A token as it is stored: sealed for the row of its integration, and its last four characters to know it by. */
export function sealToken(
  keyRing: KeyRing,
  integrationId: bigint,
  token: string,
): { network_token_sealed: string; network_token_hint: string } {
  return {
    network_token_sealed: keyRing.seal(token, tokenContext(integrationId)),
    // A hint that is the whole token would give it away.
    network_token_hint: token.length > HINT_LENGTH ? token.slice(-HINT_LENGTH) : '',
  };
}
