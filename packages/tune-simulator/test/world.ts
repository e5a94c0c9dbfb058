import { startTuneSimulator, type NetworkSpec, type TuneSimulator } from '../src/index.js';

export const TOKEN = 'NETsecret/1';

/** What the tests read of an answer. */
export interface Envelope {
  readonly request: Record<string, unknown>;
  readonly response: {
    readonly status: number;
    readonly httpStatus: number;
    readonly data: Page;
    readonly errors: unknown;
    readonly errorMessage: string | null;
  };
}

export type Row = Record<string, Record<string, string | number | null>>;

export interface Page {
  readonly page: number | string;
  readonly count: number | null;
  readonly pageCount?: number;
  readonly data: Row[];
  readonly currency_columns?: string[];
}

export interface World {
  readonly simulator: TuneSimulator;
  ask(parameters: string, options?: { network?: string; method?: 'GET' | 'POST' }): Promise<Response>;
  /** What stands under `data`; an error with TUNE's text for a refusal. */
  data(parameters: string): Promise<Page>;
}

/** A simulator with the network `demo`, and a caller that knows its token. */
export async function openWorld(spec: Partial<NetworkSpec> = {}, now?: () => number): Promise<World> {
  const simulator = await startTuneSimulator({
    networks: [{ id: 'demo', token: TOKEN, rateLimit: null, ...spec }],
    ...(now === undefined ? {} : { now }),
  });
  async function ask(parameters: string, options: { network?: string; method?: 'GET' | 'POST' } = {}) {
    const { network = 'demo', method = 'GET' } = options;
    const url = simulator.apiUrl.replace('{network_id}', network);
    const all = `NetworkToken=${encodeURIComponent(TOKEN)}&${parameters}`;
    return method === 'GET'
      ? fetch(`${url}?${all}`, { redirect: 'manual' })
      : fetch(url, { method, body: new URLSearchParams(all) });
  }
  async function data(parameters: string): Promise<Page> {
    const { response } = (await (await ask(parameters)).json()) as Envelope;
    if (response.status !== 1) throw new Error(response.errorMessage ?? 'refused');
    return response.data;
  }
  return { simulator, ask, data };
}

/** The parameters of a report call. */
export function report(fields: readonly string[], more = ''): string {
  return `Target=Report&Method=getConversions&${fields.map((field) => `fields[]=${field}`).join('&')}&${more}`;
}

export const BY_TIME = 'sort[Stat.datetime]=asc&sort[Stat.tune_event_id]=asc';
