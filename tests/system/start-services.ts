import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@trackly-tune/embedded-stores';
import {
  SERVICES,
  serviceProgram,
  superviseService,
  type ServiceProgram,
  type SupervisedService,
} from '@trackly-tune/launcher';
import { until } from '@trackly-tune/testing';
import { callApi, type Api } from './call-api.js';

/** The folder of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const STOP_GRACE_MS = 15_000;
const READY_LIMIT_MS = 120_000;

export type ServiceName = (typeof SERVICES)[number];
/** How a service is started. */
export type ProgramOf = (name: ServiceName, env: NodeJS.ProcessEnv) => ServiceProgram;

export interface RunningService {
  readonly name: ServiceName;
  /** Where its /healthz and /readyz are. */
  readonly url: string;
  readonly process: SupervisedService;
  readonly lines: string[];
  /** True when it answers, and says that it is ready. */
  isReady(): Promise<boolean>;
  /** Status and text of /readyz; status 0 when nobody answers. */
  readiness(): Promise<{ status: number; text: string }>;
}

/** All services as processes of their own, each with nothing but environment variables. */
export interface RunningServices {
  readonly api: Api;
  readonly all: readonly RunningService[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: { readonly apiKey: string; readonly encryptionKey: string };
  /** What the supervisor said: starts, deaths. */
  readonly supervision: string[];
  /** Everything that every service has written. */
  lines(): string[];
  named(name: ServiceName): RunningService[];
  ready(limitMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** From one file each where `npm test` has made them, else as people start them. */
const defaultProgramOf: ProgramOf = (name, env) => {
  const program = serviceProgram(ROOT, name, env);
  const folder = process.env.TEST_SERVICES;
  return folder ? { ...program, args: [...program.args.slice(0, -1), path.join(folder, `${name}.mjs`)] } : program;
};

async function ask(url: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: '' };
  }
}

export async function startServices(options: {
  databaseUrl: string;
  redisUrl: string;
  queuePrefix: string;
  tuneApiUrl: string;
  /** Copies of each worker; default 1 of each. There is one API. */
  copies?: Partial<Record<ServiceName, number>>;
  env?: Readonly<Record<string, string>>;
  /** More API keys, as `name:key:account`. */
  moreApiKeys?: readonly string[];
  /** How soon a service that died is started again; default as in production. */
  timing?: { firstMs: number; maxMs: number; resetAfterMs: number };
  /** Default: those of today. */
  programOf?: ProgramOf;
}): Promise<RunningServices> {
  const programOf = options.programOf ?? defaultProgramOf;
  const apiKey = randomBytes(24).toString('base64url');
  const encryptionKey = randomBytes(32).toString('base64');
  const apiPort = Number(options.env?.['PORT'] ?? (await freePort()));
  const apiHealthPort = Number(options.env?.['HEALTH_PORT'] ?? apiPort);
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    QUEUE_PREFIX: options.queuePrefix,
    API_KEYS: [`platform:${apiKey}`, ...(options.moreApiKeys ?? [])].join(','),
    ENCRYPTION_KEYS: `first:${encryptionKey}`,
    TUNE_API_URL: options.tuneApiUrl,
    PORT: String(apiPort),
    ...options.env,
  };
  const supervision: string[] = [];

  async function start(name: ServiceName): Promise<RunningService> {
    const port = name === 'api' ? apiHealthPort : await freePort();
    const lines: string[] = [];
    const program = programOf(name, { ...env, ...(name === 'api' ? {} : { HEALTH_PORT: String(port) }) });
    const supervised = superviseService(program, {
      say: (line) => void supervision.push(line),
      onOutput: (line) => void lines.push(line),
      onRefused: () => undefined,
      ...(options.timing === undefined ? {} : { timing: options.timing }),
    });
    const url = `http://127.0.0.1:${port}`;
    return {
      name,
      url,
      lines,
      process: supervised,
      readiness: () => ask(url),
      isReady: async () => (await ask(url)).status === 200,
    };
  }

  const wanted = SERVICES.flatMap((name) => Array.from({ length: options.copies?.[name] ?? 1 }, () => name));
  const all: RunningService[] = [];
  for (const name of wanted) all.push(await start(name));
  return {
    api: callApi(`http://127.0.0.1:${apiPort}`, apiKey),
    all,
    env,
    secrets: { apiKey, encryptionKey },
    supervision,
    lines: () => all.flatMap(({ lines }) => lines),
    named: (name) => all.filter((service) => service.name === name),
    async ready(limitMs = READY_LIMIT_MS) {
      for (const service of all) await until(`${service.name} is ready`, limitMs, () => service.isReady());
    },
    stop: async () => void (await Promise.all(all.map(({ process: one }) => one.stop(STOP_GRACE_MS)))),
  };
}
