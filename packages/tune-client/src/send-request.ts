import qs from 'qs';
import type { Dispatcher, Pool } from 'undici';
import { readRetryAfter } from './classify-status.js';
import type { TuneLimits } from './limits.js';
import { isOutOfTime } from './out-of-time.js';
import type { AnswerMemory } from './answer-memory.js';
import { memoryFull, readBody } from './read-body.js';
import type { RawAnswer } from './read-envelope.js';
import type { TargetUrl } from './target-url.js';
import { translateFailure } from './translate-failure.js';
import { TuneError } from './tune-error.js';

/** A parameter's value; nested ones are written as PHP reads them: `filters[Stat.datetime][values][]=…` (tune-api.md, section 1.5). */
export type Param = string | number | readonly string[] | { readonly [key: string]: Param };
export type Params = Readonly<Record<string, Param>>;

function requestOf(url: TargetUrl, params: Params, form: boolean): Dispatcher.RequestOptions {
  const encoded = qs.stringify({ ...url.params, ...params }, { arrayFormat: 'brackets', format: 'RFC3986' });
  const headers = { accept: 'application/json', 'accept-encoding': 'gzip' };
  const query = [url.query, form ? '' : encoded].filter((part) => part !== '').join('&');
  const path = `${url.path}${query === '' ? '' : `?${query}`}`;
  if (!form) return { path, method: 'GET', headers };
  return {
    path,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: encoded,
  };
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/**
 * One HTTP call, as GET or as form POST. It ends within `requestTimeoutMs`, follows no redirect, and throws TuneError
 * for whatever keeps the answer from being read whole; an answer of any status is returned.
 */
export async function sendRequest(options: {
  pool: Pool;
  url: TargetUrl;
  params: Params;
  form: boolean;
  limits: TuneLimits;
  memory: AnswerMemory;
  signal: AbortSignal | undefined;
}): Promise<RawAnswer> {
  const { pool, url, limits, signal } = options;
  if (signal?.aborted) throw new TuneError('aborted', 'The call was given up');
  const controller = new AbortController();
  let timedOut = false;
  const onAbort = (): void => controller.abort();
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, limits.requestTimeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  let stage: 'request' | 'body' = 'request';
  let body: Dispatcher.ResponseData['body'] | undefined;
  let givenUp = false;
  const held = options.memory.hold(() => {
    givenUp = true;
    controller.abort();
  });
  try {
    const response = await pool.request({
      ...requestOf(url, options.params, options.form),
      signal: controller.signal,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyTimeoutMs,
    });
    stage = 'body';
    body = response.body;
    const encoding = header(response.headers['content-encoding']);
    return {
      status: response.statusCode,
      retryAfterMs: readRetryAfter(header(response.headers['retry-after']), Date.now()),
      body: await readBody(body, {
        ...(encoding ? { encoding } : {}),
        bytesMax: limits.responseBytesMax,
        valuesMax: limits.responseValuesMax,
        held,
      }),
    };
  } catch (error) {
    // What is left of the body is not wanted, nor what its stream may still say.
    body?.on('error', () => undefined).destroy();
    if (givenUp) throw memoryFull();
    const aborted = signal?.aborted === true;
    timedOut ||= isOutOfTime(signal);
    throw translateFailure(error, { stage, networkInHost: url.networkInHost, timedOut, aborted });
  } finally {
    held.release();
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
