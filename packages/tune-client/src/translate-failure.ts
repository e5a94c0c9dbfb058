import { codeOf } from '@trackly-tune/domain';
import { TuneError } from './tune-error.js';

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "The network's API did not accept a connection in time",
  UND_ERR_HEADERS_TIMEOUT: "The network's API did not begin to answer in time",
  UND_ERR_BODY_TIMEOUT: "The network's API stopped in the middle of its answer",
  ETIMEDOUT: "The network's API did not accept a connection in time",
};

/** The code of a low-level error, also of the first inside an aggregate (several addresses tried). */
function lowLevelCode(error: unknown): string {
  const code = codeOf(error) ?? '';
  if (/^[A-Z0-9_]{1,60}$/.test(code)) return code;
  if (typeof error !== 'object' || error === null || !('errors' in error) || !Array.isArray(error.errors)) return '';
  return error.errors.length > 0 ? lowLevelCode(error.errors[0]) : '';
}

/**
 * An error of the network or of the HTTP library as ours. Only its code is told: texts and causes may hold addresses,
 * headers or bodies (law 12). `stage` says whether the answer had begun.
 */
export function translateFailure(
  error: unknown,
  context: { stage: 'request' | 'body'; networkInHost: boolean; timedOut: boolean; aborted: boolean },
): TuneError {
  if (error instanceof TuneError) return error;
  const answeredBy = context.stage === 'body' ? 'other' : 'nobody';
  if (context.timedOut) {
    return new TuneError('timeout', "The network's API took too long for one answer", { answeredBy });
  }
  if (context.aborted) return new TuneError('aborted', 'The call was given up', { answeredBy });
  const code = lowLevelCode(error);
  const timeout = TIMEOUTS[code];
  if (timeout !== undefined) return new TuneError('timeout', timeout, { answeredBy });
  if (code === 'ENOTFOUND' && context.networkInHost) {
    // May also be a name server that forgot everything for a moment, hence not "never".
    return new TuneError('network_not_found', 'No host has this network id in its name', { advice: 'retry-later' });
  }
  if (code.startsWith('HPE_')) return new TuneError('not_tune', 'The answer is not HTTP', { answeredBy: 'other' });
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return new TuneError('not_tune', 'The headers of the answer are too long', { answeredBy: 'other' });
  if (context.stage === 'body') {
    return code.startsWith('Z_') && code !== 'Z_BUF_ERROR'
      ? new TuneError('not_tune', 'The answer cannot be unpacked', { answeredBy })
      : new TuneError('response_truncated', "TUNE's answer breaks off", { answeredBy });
  }
  return new TuneError('unreachable', `The network's API cannot be reached${code === '' ? '' : ` (${code})`}`);
}
