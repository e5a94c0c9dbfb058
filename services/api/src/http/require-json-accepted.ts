import { ApiError } from './api-error.js';

/** The quality that an Accept header gives to JSON: that of its most specific range; 0 when none covers it. */
function qualityOfJson(accept: string): number {
  const found = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    found.set(type, Number(quality));
  }
  return found.get('application/json') ?? found.get('application/*') ?? found.get('*/*') ?? 0;
}

/** Throws 406 `not_acceptable` when the caller takes no JSON, which is all there is. */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '' || qualityOfJson(accept) > 0) return;
  throw new ApiError(406, 'not_acceptable', 'Answers are application/json, which the Accept header leaves out');
}
