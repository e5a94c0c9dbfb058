/** A call to TUNE that failed: its stable code, TUNE's own words (scrubbed), and who answered. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
  readonly answeredBy: 'tune' | 'other' | 'nobody';
}

/** What a failure is about: the network, the token, or only the one call that was made. */
export type FailurePlace = 'network' | 'token' | 'call';

/**
 * What TUNE showed by a failure all the same. `token`: it took the token, since it judged what the token may do;
 * `network`: it knows the network, since it judged the token or the network's limits; `nothing`: neither.
 */
export type Shown = 'token' | 'network' | 'nothing';

export interface ExplainedFailure {
  readonly place: FailurePlace;
  readonly shown: Shown;
  readonly code: string;
  readonly message: string;
}

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

/**
 * The contract's code of a failed call. A time limit says where the time went: into an answer that had begun, into
 * none, or into waiting for a turn of the rate budget, when the call never went out.
 */
function codeOf({ code, message, answeredBy }: CallFailure): string {
  // No host of this name: DNS says so, not TUNE.
  if (code === 'network_not_found' && answeredBy === 'nobody') return 'unreachable';
  if (code === 'timeout') return answeredBy === 'nobody' ? 'unreachable' : 'response_truncated';
  if (code === 'aborted' || code === 'time_limit_exceeded') return 'budget_unavailable';
  // TUNE speaks of the affiliate API only to a key of an affiliate.
  if (code === 'permission_denied' && /affiliate api/i.test(message)) return 'wrong_credential_kind';
  return code;
}

type Explanation = Omit<ExplainedFailure, 'code'>;
const about = (place: FailurePlace, shown: Shown, message: string): Explanation => ({ place, shown, message });

/** Turns a failed call into a code of Test Connection and a sentence that tells what to do about it. */
export function explainFailure(failure: CallFailure, subject: { networkId: string; call: string }): ExplainedFailure {
  const code = codeOf(failure);
  return { code, ...explain(code, failure, subject) };
}

function explain(code: string, failure: CallFailure, subject: { networkId: string; call: string }): Explanation {
  const says = inWords(failure.message);
  const network = `network "${subject.networkId}"`;
  const tune = failure.answeredBy === 'tune';
  switch (code) {
    case 'unreachable':
      return about(
        'network',
        'nothing',
        `The API of ${network} cannot be reached or gave no answer in time${says}; check the network id, DNS, firewall and TUNE_API_URL, or try again later`,
      );
    case 'network_not_found':
      return about('network', 'nothing', `TUNE knows no ${network}; copy the Network ID from Support, API in TUNE`);
    case 'not_tune':
      return about(
        'network',
        'nothing',
        `What answers for ${network} is not TUNE's API${says}; look for a proxy or a maintenance page in between, and check the network id, and TUNE_API_URL if it was changed`,
      );
    case 'service_unavailable':
      return about(
        'network',
        'nothing',
        `The API of ${network} is not available at the moment${says}; try again in a few minutes`,
      );
    case 'response_truncated':
      return about(
        'network',
        'nothing',
        `The answer for ${network} broke off${says}; try again, and look for a proxy in between when it repeats`,
      );
    case 'memory_full':
    case 'response_too_large':
      return about(
        'call',
        'nothing',
        `The answer for ${network} was too large to be read${says}; try again, and look for a proxy in between when it repeats`,
      );
    case 'budget_unavailable':
      return about(
        'network',
        'nothing',
        'Nothing was asked: this network is being called as often as it allows, or Redis is away; try again in a minute',
      );
    case 'token_rejected':
      return about(
        'token',
        'network',
        'TUNE does not accept the network token; copy the API key of a network user, not that of an affiliate',
      );
    case 'wrong_credential_kind':
      return about(
        'token',
        'network',
        `TUNE takes this token for the key of an affiliate${says}; copy the API key of a network user`,
      );
    case 'ip_not_allowed':
      return about('token', 'network', allowAddress(failure.message));
    case 'rate_limited':
      return about(
        tune ? 'token' : 'network',
        tune ? 'network' : 'nothing',
        'The network has used up its API calls of this moment, so nothing was learnt; try again in a minute',
      );
    case 'permission_denied':
      return about('call', 'token', `The token may not ${subject.call}; give its user that permission in TUNE${says}`);
    case 'required_field_forbidden':
      return about(
        'call',
        'token',
        `The network forbids a field that the books need; ask it to allow that field${says}`,
      );
    default:
      return about('call', 'nothing', `TUNE could not ${subject.call}${says}; try again later, or ask the network`);
  }
}
