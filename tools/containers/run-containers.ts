import { randomBytes } from 'node:crypto';
import { freePort } from '@trackly-tune/embedded-stores';
import { walkThrough } from '../demo/walk-through.js';
import { findCompose, isEngineThere, openComposeProject, type ComposeProject } from './compose-project.js';
import { waitHealthy } from './wait-healthy.js';

const HEALTHY_TIMEOUT_MS = 300_000;
const WALK_TIMEOUT_MS = 5 * 60_000;
const SCALED = 'conversion-sync';
const SCALED_TO = 3;
const SERVICES = ['api', 'offer-sync', 'conversion-sync', 'attribution'];

const oneOfEach = Object.fromEntries(SERVICES.map((service) => [service, 1]));

async function openProject(root: string): Promise<{ project: ComposeProject; apiKey: string; urls: UrlsOfProject }> {
  const compose = findCompose();
  if (compose === null) throw new Error('Neither "docker compose" nor "docker-compose" works on this machine');
  if (!isEngineThere()) throw new Error('No container engine answers ("docker info" fails)');
  const apiKey = randomBytes(18).toString('base64url');
  const [api, simulator, postgres, redis] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const env = {
    API_KEYS: `containers:${apiKey}`,
    API_PORT: String(api),
    SIMULATOR_PORT: String(simulator),
    POSTGRES_PORT: String(postgres),
    REDIS_PORT: String(redis),
  };
  const name = `trackly-tune-${randomBytes(4).toString('hex')}`;
  const urls = { apiUrl: `http://127.0.0.1:${api}`, simulatorUrl: `http://127.0.0.1:${simulator}` };
  return { project: openComposeProject(root, { compose, name, env }), apiKey, urls };
}

interface UrlsOfProject {
  readonly apiUrl: string;
  readonly simulatorUrl: string;
}

/**
 * Everything in containers, for real: images, stores, migration, services, one way through the demo with three copies
 * of a worker, and the end. Nothing of it stays but the images. Returns the exit code: 0 when the books agreed.
 */
export async function runContainers(root: string, stopping: AbortSignal): Promise<0 | 1> {
  const startedAt = performance.now();
  const say = (text: string): void =>
    console.log(`\n== ${text}  (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`);
  const { project, apiKey, urls } = await openProject(root);
  const within = (timeoutMs: number): AbortSignal => AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  let agreed = false;
  try {
    say('Building the images');
    await project.run('build');
    say('Starting the stores, the migration, the services and a simulated network');
    await project.run('up', '--detach', '--no-build');
    await waitHealthy(project, oneOfEach, within(HEALTHY_TIMEOUT_MS));
    say(`Scaling ${SCALED} to ${SCALED_TO}`);
    await project.run('up', '--detach', '--no-build', '--no-recreate', '--scale', `${SCALED}=${SCALED_TO}`);
    await waitHealthy(project, { ...oneOfEach, [SCALED]: SCALED_TO }, within(HEALTHY_TIMEOUT_MS));
    say('Conversions, from the simulated network to the books');
    agreed = await walkThrough({ ...urls, apiKey }, within(WALK_TIMEOUT_MS));
    say(agreed ? 'The books agree' : 'The books do NOT agree');
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    await project.run('logs', '--no-color', '--tail', '40').catch(() => undefined);
  }
  say('Taking everything down');
  await project.run('down', '--volumes', '--remove-orphans', '--timeout', '20');
  const left = project.containers();
  if (left.length > 0) console.error(`${left.length} containers are still there`);
  return agreed && left.length === 0 ? 0 : 1;
}
