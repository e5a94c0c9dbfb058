import { failed, passed, skipped, type CheckName, type ConnectionCheck } from './connection-check.js';
import { explainFailure, type CallFailure, type ExplainedFailure } from './explain-failure.js';

/** A call that was made for a check; `failure` is null when TUNE answered it. */
export interface MadeCall {
  readonly check: CheckName;
  /** What the token would have to be allowed for it, e.g. "read offers". */
  readonly purpose: string;
  readonly failure: CallFailure | null;
}

const explainCall = ({ failure, purpose }: MadeCall, networkId: string): ExplainedFailure | null =>
  failure === null ? null : explainFailure(failure, { networkId, call: purpose });

/**
 * Whether asking for anything else can still teach something: not when nobody answers, when the token or the network
 * is refused, or when there is no call left to make.
 */
export function isWorthAskingOn(call: MadeCall, networkId: string): boolean {
  const explained = explainCall(call, networkId);
  if (explained === null || explained.place === 'call') return true;
  return explained.code === 'not_tune' || explained.code === 'response_truncated';
}

/**
 * What all calls together show of network and token. Each is ok only after an answer of TUNE that shows it: one that
 * holds data, or a refusal that TUNE gives only to a token, or to a network, that it knows.
 */
export function judgeCredentials(calls: readonly MadeCall[], networkId: string): readonly ConnectionCheck[] {
  const explained = calls.map((call) => explainCall(call, networkId));
  const networkOk = passed('network', `The API of network "${networkId}" answers`);
  if (explained.some((one) => one === null || one.shown === 'token')) {
    return [networkOk, passed('token', 'TUNE accepts the network token')];
  }
  const failures = explained.filter((one) => one !== null);
  const refused = failures.find(({ shown }) => shown === 'network');
  if (refused !== undefined) return [networkOk, failed('token', refused.code, refused.message)];
  const first = failures.find(({ place }) => place === 'network') ?? failures[0];
  if (first === undefined) return [];
  const message =
    first.place === 'call' ? `Nothing shows yet that network and token are right: ${first.message}` : first.message;
  return [failed('network', first.code, message), skipped('token', 'network')];
}

/** What a call says of the check that it was made for; null when it went well. */
export function judgeCall(call: MadeCall, networkId: string): ConnectionCheck | null {
  const explained = explainCall(call, networkId);
  return explained === null ? null : failed(call.check, explained.code, explained.message);
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
