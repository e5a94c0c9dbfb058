import { failed, passed, type CheckName, type ConnectionCheck } from './connection-check.js';
import { explainFailure, type CallFailure } from './explain-failure.js';

const READ_OFFERS = 'read offers';

/** What the first call says: it asks for one offer, so it tries the network, the token and a permission at once. */
export function judgeFirstCall(failure: CallFailure | null, networkId: string): readonly ConnectionCheck[] {
  const network = passed('network', `The API of network "${networkId}" answers`);
  const token = passed('token', 'TUNE accepts the network token');
  if (failure === null) return [network, token, passed('offers_access', 'The token may read offers')];
  const { place, code, message } = explainFailure(failure, { networkId, call: READ_OFFERS });
  if (place === 'network') return [failed('network', code, message)];
  if (place === 'token') return [network, failed('token', code, message)];
  return [network, token, failed('offers_access', code, message)];
}

/** What a later call says of the one thing that it was made for. */
export function judgeCall(name: CheckName, failure: CallFailure, networkId: string, call: string): ConnectionCheck {
  const { code, message } = explainFailure(failure, { networkId, call });
  return failed(name, code, message);
}

/** Whether the affiliate is one of the network's. */
export function judgeAffiliate(
  affiliate: { company: string | null; status: string | null } | null,
  affiliateId: string,
): ConnectionCheck {
  if (affiliate === null) {
    return failed(
      'affiliate',
      'affiliate_not_found',
      `The network has no affiliate ${affiliateId}; ask it for your affiliate id, since no conversion of another one is yours`,
    );
  }
  const company = affiliate.company === null ? '' : ` is ${affiliate.company}`;
  const status =
    affiliate.status === null || affiliate.status === 'active' ? '' : ` and is "${affiliate.status}" there`;
  return passed('affiliate', `Affiliate ${affiliateId}${company || ' belongs to the network'}${status}`);
}
