import type { Parameters } from './parameters.js';

/** TUNE's JSON: slashes are escaped and everything beyond ASCII is written as `\uXXXX` (tune-api.md, section 2.5). */
export function encodeTuneJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The echo of a call: every parameter as it came, the token included (quirk 4). */
export function echoRequest(networkId: string, parameters: Parameters): Record<string, unknown> {
  return { Format: 'json', Service: 'HasOffers', Version: '2', NetworkId: networkId, ...parameters };
}

export function successBody(request: Record<string, unknown>, data: unknown): Record<string, unknown> {
  return { request, response: { status: 1, httpStatus: 200, data, errors: [], errorMessage: null } };
}

export function refusalBody(request: Record<string, unknown>, message: string): Record<string, unknown> {
  const errors = [{ publicMessage: message }];
  return { request, response: { status: -1, httpStatus: 200, data: '', errors, errorMessage: message } };
}

/** Fatal errors have a shape of their own: no `request`, no `status`, `errors` an object (quirk 2). */
export function fatalBody(message: string): Record<string, unknown> {
  return { response: { errors: { publicMessage: message }, link: 'http://developers.hasoffers.com/' } };
}

export function rateLimitText(limit: { calls: number; windowMs: number }, usage: number): string {
  return (
    `API usage exceeded rate limit.  Configured: ${limit.calls}/${limit.windowMs / 1000}s window; ` +
    `Your usage: ${usage}.  See https://help.tune.com/hasoffers/rate-limit-error/ for guidance.`
  );
}
