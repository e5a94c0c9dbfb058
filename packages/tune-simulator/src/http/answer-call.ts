import { echoRequest, encodeTuneJson, fatalBody, rateLimitText, refusalBody, successBody } from '../envelope.js';
import type { RunningNetwork } from '../network.js';
import { textOf } from '../parameters.js';
import { Refusal } from '../refusal.js';
import type { ReceivedCall } from './read-call.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** For the call log. */
  readonly outcome: string;
}

export function jsonAnswer(body: unknown, outcome: string): Answer {
  return { status: 200, contentType: 'application/json', body: encodeTuneJson(body), outcome };
}

export function htmlAnswer(status: number, text: string, outcome: string): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\n`;
  return { status, contentType: 'text/html; charset=UTF-8', body, outcome };
}

export function unknownNetwork(): Answer {
  return jsonAnswer(fatalBody('Network id is not valid'), 'refused');
}

export function refusal(call: ReceivedCall, message: string, outcome = 'refused'): Answer {
  return jsonAnswer(refusalBody(echoRequest(call.networkId, call.parameters), message), outcome);
}

export function tokenRejected(call: ReceivedCall): Answer {
  return refusal(call, `NetworkToken ${textOf(call.parameters['NetworkToken']) ?? ''} is not authenticated`);
}

export function ipNotAllowed(call: ReceivedCall, ip: string): Answer {
  return refusal(call, `IP ${ip} is not white-listed. Please enable it in the application, Support => API`);
}

/** What keeps a call from being answered at all: address, key, rate limit. null: nothing. */
function turnAway(network: RunningNetwork, call: ReceivedCall, ip: string, at: number): Answer | null {
  const { maxUrlLength, ipAllowed, token, rateLimit } = network.settings();
  if (call.urlLength > maxUrlLength) {
    return htmlAnswer(414, "The requested URL's length exceeds the capacity limit for this server.", 'refused');
  }
  if (!ipAllowed) return ipNotAllowed(call, ip);
  if (textOf(call.parameters['NetworkToken']) !== token) return tokenRejected(call);
  if (rateLimit === null) return null;
  // Calls that were limited count as well: who keeps calling stays limited.
  const usage = network.callLog.countSince(at - rateLimit.windowMs);
  return usage > rateLimit.calls ? refusal(call, rateLimitText(rateLimit, usage), 'rate_limited') : null;
}

/** The answer of a network in good health. */
export function answerCall(network: RunningNetwork, call: ReceivedCall, ip: string, at: number): Answer {
  const away = turnAway(network, call, ip, at);
  if (away !== null) return away;
  try {
    const data = network.answer(call.method, call.parameters);
    return jsonAnswer(successBody(echoRequest(call.networkId, call.parameters), data), 'answered');
  } catch (error) {
    if (error instanceof Refusal || error instanceof RangeError) return refusal(call, error.message);
    throw error;
  }
}
