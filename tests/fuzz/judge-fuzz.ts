import { differencesAtRest, judgeEnd, lastPull } from '../crash/judge-crash.js';
import { findSecrets } from '../system/find-secrets.js';
import type { RunningService } from '../system/start-services.js';
import type { FuzzWorld } from './fuzz-world.js';
import type { KnownThings } from './known-things.js';

const SHOWN_MAX = 5;
const LINES_SHOWN_MAX = 20;
const FATAL = new Set(['fatal', 60]);

/** What no answer and no log line may hold, by name. */
export function secretsOf({ services, keys, good, others }: FuzzWorld): Record<string, string> {
  return {
    'the key of all accounts': keys.all,
    'the key of acme': keys.acme,
    'the key of birch': keys.birch,
    'the encryption key': services.secrets.encryptionKey,
    ...Object.fromEntries([good, ...others].map(({ plan }) => [`the token of ${plan.spec.id}`, plan.spec.token])),
  };
}

function judgeLines(services: readonly Pick<RunningService, 'name' | 'lines'>[]): string[] {
  return services.flatMap(({ name, lines }) => {
    const wrong: string[] = [];
    for (const line of lines) {
      let level: unknown;
      try {
        level = (JSON.parse(line) as { level?: unknown }).level;
      } catch {
        // What Node.js itself has to say, with its stack.
        wrong.push(`${name}, a line that is no JSON: ${line.slice(0, 300)}`);
        continue;
      }
      if (FATAL.has(level as string | number)) wrong.push(`${name}, a fatal line: ${line.slice(0, 1_000)}`);
    }
    return wrong.slice(0, LINES_SHOWN_MAX);
  });
}

/** What is wrong with services, logs and books when everything was asked; ends the services. */
export async function judgeFuzz(world: FuzzWorld, things: KnownThings): Promise<string[]> {
  const { services, stores, good } = world;
  const wrong: string[] = [];
  for (const service of services.all) {
    if (!(await service.isReady())) wrong.push(`${service.name} is not ready: ${(await service.readiness()).text}`);
  }
  wrong.push(...services.supervision.filter((line) => !/^service=\w[\w-]* pid=\d+$/.test(line)));
  // The board may have paused, limited or obliterated any queue; what is due stands in PostgreSQL.
  await stores.redis.empty();
  await services.ready();
  await lastPull(world, good);
  wrong.push(...(await differencesAtRest({ services, networks: [good] })));
  await judgeEnd(world, wrong);
  const lines = services.lines();
  wrong.push(...judgeLines(services.all));
  const secrets = Object.fromEntries(
    things.postbackSecrets.map((secret, index) => [`postback secret ${index}`, secret]),
  );
  wrong.push(...findSecrets({ ...secretsOf(world), ...secrets }, { 'a log line': lines }).slice(0, SHOWN_MAX));
  return wrong;
}
