/** A local HTTP server that answers what a test tells it to, and clients of it with a real rate budget. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { testRedis } from '@trackly-tune/testing';
import { createRateBudget, createTuneClients, type TuneClient, type TuneLimits } from '@trackly-tune/tune-client';
import { Redis } from 'ioredis';
import qs from 'qs';

export const TOKEN = 'NET/s3cret+tok en=';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly params: Record<string, unknown>;
  readonly contentType: string | undefined;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

type Handler = (seen: Seen, response: ServerResponse) => Reply | undefined;

export interface TuneWorld {
  readonly url: string;
  readonly seen: Seen[];
  /** How often the budget was told of a limit. */
  limits(): number;
  answer(handler: Handler | Reply): void;
  open(options?: { networkId?: string; limits?: Partial<TuneLimits>; apiUrl?: string }): TuneClient;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

export async function startTuneWorld(): Promise<TuneWorld> {
  const seen: Seen[] = [];
  let handler: Handler = () => ({ status: 500 });
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const params = qs.parse(`${query}&${body}`, { arrayLimit: 200, parameterLimit: 1_000 });
      const contentType = request.headers['content-type'];
      const one: Seen = { method: request.method ?? '', path, query, params, contentType };
      seen.push(one);
      const reply = handler(one, response);
      if (!reply) return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const store = testRedis();
  const redis = new Redis(store.url);
  const budget = createRateBudget({
    redis,
    keyPrefix: store.prefix,
    limit: { calls: 5_000, windowMs: 1_000 },
    memory: { wasUsedBefore: async () => false, remember: async () => undefined },
  });
  let limits = 0;
  const counted = {
    ...budget,
    limited: async () => void (limits += 1),
  };
  const opened: { close(): Promise<void> }[] = [];
  return {
    url,
    seen,
    limits: () => limits,
    answer(given) {
      handler = typeof given === 'function' ? given : () => given;
    },
    open({ networkId = 'demo', limits: bounds = {}, apiUrl = `${url}/{network_id}/Apiv3/json` } = {}) {
      const clients = createTuneClients({ apiUrl, budget: counted, limits: bounds });
      opened.push(clients);
      return clients.open({ networkId, networkToken: TOKEN });
    },
    async close() {
      for (const clients of opened) await clients.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      redis.disconnect();
    },
  };
}
