import { explainFailure, type CallFailure } from '../../connection-test/rules/explain-failure.js';
import { judgeAffiliate } from '../../connection-test/rules/judge-access.js';

/** What a person should look at although nothing was refused; codes are those of Test Connection, or of the log. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

type LookedUp =
  | { readonly ok: true; readonly value: { company: string | null; status: string | null } | null }
  | { readonly ok: false; readonly failure: CallFailure };

/**
 * What one look-up of the affiliate says of credentials. Nothing when it was found; else the code that Test Connection
 * would have, also when nothing could be learnt: nobody should take silence for a good token.
 */
export function judgeLook(found: LookedUp, subject: { networkId: string; affiliateId: string }): Warning[] {
  if (found.ok) {
    const { ok, code, message } = judgeAffiliate(found.value, subject.affiliateId);
    return ok ? [] : [{ code, message }];
  }
  const { code, place, shown, message } = explainFailure(found.failure, {
    networkId: subject.networkId,
    call: 'read affiliates',
  });
  if (place === 'token' && code !== 'rate_limited') return [{ code, message }];
  if (code === 'network_not_found') return [{ code, message }];
  const unknown = shown === 'token' ? 'The affiliate was' : 'Token and affiliate were';
  return [{ code, message: `${unknown} not checked. ${message}` }];
}
