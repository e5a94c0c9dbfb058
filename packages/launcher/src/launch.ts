import { migrateToLatest } from '@trackly-tune/database';
import { claimFolder, openDataFolder } from '@trackly-tune/embedded-stores';
import { choosePort } from './choose-port.js';
import type { LaunchConfig } from './config.js';
import { apiKeyFile, generatedApiKeys, generatedEncryptionKeys } from './generated-keys.js';
import { openStores } from './open-stores.js';
import { SERVICES, servicePrograms } from './service-programs.js';
import { superviseService, type ServiceProgram, type SupervisedService } from './supervise-service.js';
import path from 'node:path';

/** Services get 10 s to stop by themselves; this is a little more. */
const STOP_GRACE_MS = 12_000;

export interface Launched {
  readonly apiUrl: string;
  /** Where the API says whether it is ready. */
  readonly readyUrl: string;
  /** Where the generated API key is kept; null when API_KEYS was set. */
  readonly apiKeyFile: string | null;
  /** Where PostgreSQL is, with its password. */
  readonly databaseUrl: string;
  readonly services: readonly SupervisedService[];
  /** Resolves to the name of a service that cannot use its configuration. */
  readonly refused: Promise<string>;
  /** Services first, stores last. */
  stop(): Promise<void>;
  /** Ends the services at once; the stores end after this process. */
  kill(): void;
}

export interface LaunchOptions {
  readonly root: string;
  readonly config: LaunchConfig;
  /** What the services get besides what is made here. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly onOutput: (line: string, from: 'stdout' | 'stderr') => void;
  /** Left out: the four services. */
  readonly programs?: (env: NodeJS.ProcessEnv) => ServiceProgram[];
}

const urlHost = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * Starts everything on this machine: claims DATA_DIR, opens the stores, brings the schema up to date and keeps the
 * services running. What was started is stopped again when a step fails. Throws FolderInUseError when another process
 * works on DATA_DIR, EmbeddedStoreError, ConfigurationError for a port that is taken.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { root, config, say, onOutput } = options;
  const data = openDataFolder(config.DATA_DIR);
  const release = claimFolder(path.join(data.path, 'services'));
  const closers: (() => Promise<void> | void)[] = [release];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const port = await choosePort(config.HOST, config.PORT);
    const postbackPort =
      config.POSTBACK_PORT === undefined ? null : await choosePort(config.HOST, config.POSTBACK_PORT, 'POSTBACK_PORT');
    const stores = await openStores({
      dataDir: data.path,
      databaseUrl: config.DATABASE_URL,
      redisUrl: config.REDIS_URL,
      say,
    });
    closers.push(() => stores.stop());
    const { applied } = await migrateToLatest({ databaseUrl: stores.databaseUrl });
    if (applied.length > 0) say(`schema: applied ${applied.join(', ')}`);
    const env: NodeJS.ProcessEnv = {
      ...options.env,
      PORT: String(port),
      POSTBACK_PORT: postbackPort === null ? undefined : String(postbackPort),
      HOST: config.HOST,
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      API_KEYS: config.API_KEYS ? options.env.API_KEYS : generatedApiKeys(data),
      ENCRYPTION_KEYS: config.ENCRYPTION_KEYS ? options.env.ENCRYPTION_KEYS : generatedEncryptionKeys(data),
    };
    const programs = options.programs?.(env) ?? servicePrograms({ root, env, healthPort: config.HEALTH_PORT });
    let refuse: (name: string) => void = () => undefined;
    const refused = new Promise<string>((resolve) => (refuse = resolve));
    const services = programs.map((program) => superviseService(program, { say, onOutput, onRefused: refuse }));
    closers.push(async () => void (await Promise.all(services.map((service) => service.stop(STOP_GRACE_MS)))));
    return {
      apiUrl: `http://${urlHost(config.HOST)}:${port}`,
      // Where the API has a health port, /readyz is there.
      readyUrl: `http://${urlHost(config.HOST)}:${config.HEALTH_PORT === null ? port : config.HEALTH_PORT + SERVICES.length - 1}`,
      apiKeyFile: config.API_KEYS ? null : apiKeyFile(data),
      databaseUrl: stores.databaseUrl,
      services,
      refused,
      stop: close,
      kill: () => services.forEach((service) => service.kill()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
