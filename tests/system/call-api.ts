import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 20_000;
const RETRY_MS = 300;

export interface ApiAnswer {
  /** 0: no answer came. */
  readonly status: number;
  readonly text: string;
}

/** The REST API as the platform calls it: a key, JSON, and every call repeated until it is answered. */
export interface Api {
  readonly url: string;
  /** Every body that came back, for the search for secrets. */
  readonly texts: string[];
  /** One call; never throws. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** Throws for anything but 2xx. */
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  /**
   * Repeats the call with one idempotency key while no answer comes or the answer is 5xx or 429, for at most
   * `limitMs`; throws for another answer that is not 2xx.
   */
  insist<Answer>(method: string, path: string, body?: unknown, limitMs?: number): Promise<Answer>;
}

export function callApi(url: string, apiKey: string, keepTexts = true): Api {
  const texts: string[] = [];

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> {
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          'x-api-key': apiKey,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (keepTexts) texts.push(text);
      return { status: response.status, text };
    } catch (error) {
      return { status: 0, text: error instanceof Error ? error.message : String(error) };
    }
  }

  const isGood = ({ status }: ApiAnswer): boolean => status >= 200 && status < 300;
  async function once<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await ask(method, path, body);
    if (!isGood(answer)) throw new Error(`${method} ${path} → ${answer.status} ${answer.text.slice(0, 500)}`);
    return JSON.parse(answer.text) as Answer;
  }

  return {
    url,
    texts,
    ask,
    get: (path) => once('GET', path),
    post: (path, body = {}) => once('POST', path, body),
    async insist<Answer>(method: string, path: string, body?: unknown, limitMs = 120_000): Promise<Answer> {
      const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
      const deadline = Date.now() + limitMs;
      for (;;) {
        const answer = await ask(method, path, body, headers);
        if (isGood(answer)) return JSON.parse(answer.text) as Answer;
        // 409: the first attempt's answer was lost while it is still being worked on.
        const mayPass = [0, 409, 429].includes(answer.status) || answer.status >= 500;
        if (!mayPass || Date.now() > deadline) {
          throw new Error(`${method} ${path} → ${answer.status} ${answer.text.slice(0, 500)}`);
        }
        await sleep(RETRY_MS);
      }
    },
  };
}
