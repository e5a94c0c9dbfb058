/** A call to TUNE that failed: its stable code and TUNE's own words, scrubbed. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
}

/** Where a failure shows that something is wrong: with the network, the token, or the one call that was made. */
export type FailurePlace = 'network' | 'token' | 'call';

export interface ExplainedFailure {
  readonly place: FailurePlace;
  readonly code: string;
  readonly message: string;
}

const NO_ANSWER = new Set(['timeout', 'gateway_timeout', 'aborted', 'time_limit_exceeded', 'unreachable']);
const ADDRESS = /\bIP\s+([0-9a-f:.]*[0-9a-f])/i;
const DETAIL_CHARACTERS_MAX = 300;

/** The address that TUNE wants on its list, where its refusal names it (tune-api.md, section 2.3). */
export function addressToAllow(text: string): string | null {
  return ADDRESS.exec(text)?.[1] ?? null;
}

function inWords(message: string): string {
  const text = message.trim().slice(0, DETAIL_CHARACTERS_MAX);
  return text === '' ? '' : ` (${text})`;
}

function allowAddress(message: string): string {
  const address = addressToAllow(message);
  const which = address === null ? 'the address of this service' : `the address ${address}`;
  return `Add ${which} to the IP whitelist in TUNE under Support, API, or switch that whitelist off`;
}

/** Turns a failed call into a code of the contract and a sentence that tells what to do about it. */
export function explainFailure(failure: CallFailure, subject: { networkId: string; call: string }): ExplainedFailure {
  const { code, message } = failure;
  if (NO_ANSWER.has(code)) {
    return {
      place: 'network',
      code: 'unreachable',
      message: `The API of network "${subject.networkId}" cannot be reached or gave no answer in time; check the network id, or try again later`,
    };
  }
  switch (code) {
    case 'network_not_found':
      return {
        place: 'network',
        code,
        message: `TUNE knows no network "${subject.networkId}"; copy the Network ID from Support, API in TUNE`,
      };
    case 'not_tune':
      return {
        place: 'network',
        code,
        message: `What answers for network "${subject.networkId}" is not TUNE's API; check the network id, and TUNE_API_URL if it was changed`,
      };
    case 'budget_unavailable':
      return {
        place: 'network',
        code,
        message: 'This network is being called as often as it allows, or Redis is away; try again in a minute',
      };
    case 'token_rejected':
      return {
        place: 'token',
        code,
        message: 'TUNE does not accept the network token; copy the API key of a network user, not that of an affiliate',
      };
    case 'ip_not_allowed':
      return { place: 'token', code, message: allowAddress(message) };
    case 'rate_limited':
      return {
        place: 'token',
        code,
        message: 'The network has used up its API calls of this moment, so nothing was learnt; try again in a minute',
      };
    case 'permission_denied':
      return {
        place: 'call',
        code,
        message: `The token may not ${subject.call}; give its user that permission in TUNE${inWords(message)}`,
      };
    case 'required_field_forbidden':
      return {
        place: 'call',
        code,
        message: `The network forbids a field that the books need; ask it to allow that field${inWords(message)}`,
      };
    default:
      return {
        place: 'call',
        code,
        message: `TUNE could not ${subject.call}${inWords(message)}; try again later, or ask the network`,
      };
  }
}
