const TIMEOUT_MS = 30_000;

/** An answer that is not 2xx, with the API's own code. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The REST API as any caller uses it: JSON and a key. */
export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
}

/** Throws ApiRefusal for answers that are not 2xx. */
export function createApiClient(url: string, apiKey: string | null): ApiClient {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(apiKey === null ? {} : { 'x-api-key': apiKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Answer;
    let [code, message] = ['', text.slice(0, 500)];
    try {
      const told = JSON.parse(text) as { code?: string; error?: string; details?: unknown };
      code = told.code ?? '';
      message = `${told.error ?? ''}${told.details === undefined ? '' : ` ${JSON.stringify(told.details)}`}`;
    } catch {
      // No JSON: the text itself says what there is to say.
    }
    throw new ApiRefusal(response.status, code, `${method} ${path} → ${response.status} ${code}: ${message}`);
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
  };
}
