/** The real client before a simulated network, with an ear at the line between them. */
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { REQUIRED_REPORT_FIELDS } from '@trackly-tune/domain';
import { testRedis } from '@trackly-tune/testing';
import {
  createRateBudget,
  createTuneClients,
  TuneError,
  type ConversionsQuery,
  type TuneClient,
} from '@trackly-tune/tune-client';
import {
  startTuneSimulator,
  type NetworkSpec,
  type SimulatedNetwork,
  type TuneSimulator,
} from '@trackly-tune/tune-simulator';
import { Redis } from 'ioredis';
import qs from 'qs';

export const TOKEN = 'NET/s3cret+tok en=';

/** A call as it was sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** Undecoded: the address's query, then the body. */
  readonly raw: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly contentType: string | undefined;
}

export interface ConformanceWorld {
  readonly sent: Sent[];
  readonly simulator: TuneSimulator;
  readonly network: SimulatedNetwork;
  readonly client: TuneClient;
  /** How often the budget was told of a limit. */
  limits(): number;
  open(networkId: string, apiUrl?: string): TuneClient;
  /** The next call is answered with this body, as it was recorded, instead of the simulator's. */
  answerNext(body: string): void;
  close(): Promise<void>;
}

export const QUERY: ConversionsQuery = {
  affiliateId: '1002',
  fromTime: '2026-05-01 00:00:00',
  toTime: '2026-05-08 23:59:59',
  page: 1,
  limit: 1000,
  fields: {
    required: REQUIRED_REPORT_FIELDS,
    optional: [
      'Stat.goal_id',
      'Stat.status_code',
      'Stat.is_adjustment',
      'Stat.currency',
      'Stat.source',
      'Stat.affiliate_info1',
      'ConversionsMobile.affiliate_unique1',
    ],
  },
};

/** The time that the simulated network has. */
export const NOW = Date.UTC(2026, 4, 20, 12);

export async function openConformanceWorld(spec: Partial<NetworkSpec> = {}): Promise<ConformanceWorld> {
  const simulator = await startTuneSimulator({
    networks: [{ id: 'demo', token: TOKEN, rateLimit: null, ...spec }],
    now: () => NOW,
  });
  const sent: Sent[] = [];
  const recorded: string[] = [];
  const line = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const body = Buffer.concat(pieces).toString();
      const { method = '' } = request;
      const contentType = request.headers['content-type'];
      const raw = `${query}&${body}`;
      sent.push({ method, path, raw, contentType, params: qs.parse(raw, { arrayLimit: 200, parameterLimit: 1_000 }) });
      const given = recorded.shift();
      if (given !== undefined) return response.writeHead(200, { 'content-type': 'application/json' }).end(given);
      const passedOn = fetch(simulator.url + (request.url ?? ''), {
        method,
        redirect: 'manual',
        headers: contentType === undefined ? {} : { 'content-type': contentType },
        ...(method === 'POST' ? { body } : {}),
      });
      passedOn
        .then(async (answer) => {
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
          response.end(Buffer.from(await answer.arrayBuffer()));
        })
        .catch(() => response.destroy());
      return undefined;
    });
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const address = line.address();
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
  const counted = { ...budget, limited: async () => void (limits += 1) };
  const opened: { close(): Promise<void> }[] = [];
  function open(networkId: string, apiUrl = `${url}/{network_id}/Apiv3/json`): TuneClient {
    const clients = createTuneClients({ apiUrl: apiUrl.replace('{line}', url), budget: counted });
    opened.push(clients);
    return clients.open({ networkId, networkToken: TOKEN });
  }
  return {
    sent,
    simulator,
    network: simulator.network('demo'),
    client: open('demo'),
    limits: () => limits,
    open,
    answerNext: (body) => void recorded.push(body),
    async close() {
      for (const clients of opened) await clients.close();
      line.closeAllConnections();
      await new Promise((resolve) => line.close(resolve));
      await simulator.close();
      redis.disconnect();
    },
  };
}

/** The TuneError of a question that must fail. */
export async function failureOf(question: Promise<unknown>): Promise<TuneError> {
  const error = await question.then(
    (answer) => new Error(`It did not fail but answered ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TuneError) return error;
  throw error;
}

/** Everything of an error that a person, a log or a job could be shown. */
export function everythingOf(error: TuneError): string {
  return [error.message, error.stack, inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)].join();
}
