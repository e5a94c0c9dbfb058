import path from 'node:path';
import type { ServiceProgram } from './supervise-service.js';

/** The services in the order in which they are started. */
export const SERVICES = ['api', 'offer-sync', 'conversion-sync', 'attribution'] as const;

/** In the order of their health ports. */
const WITH_HEALTH_PORT: readonly string[] = ['offer-sync', 'conversion-sync', 'attribution', 'api'];

/**
 * Bounds of V8 in MiB. Old space is a multiple of what a service needs: without a bound, V8 takes what a large machine
 * has before it looks for what is not needed any more. The semi-space holds what lives as long as a batch is under way,
 * which by default is too little for it: copying it out was a quarter of the time of attribution.
 */
const V8_FLAGS = ['--max-old-space-size=1024', '--max-semi-space-size=32'];

/**
 * How a service is started: one process of Node.js, no package manager between. It runs what `compileSources` made, so
 * call that before.
 */
export function serviceProgram(root: string, name: string, env: NodeJS.ProcessEnv): ServiceProgram {
  return {
    name,
    command: process.execPath,
    args: [...V8_FLAGS, '--enable-source-maps', path.join(root, 'services', name, 'dist/main.js')],
    cwd: root,
    env,
  };
}

/**
 * The programs of all services on one machine. Where there is a health port each gets one of its own, counted up from
 * `healthPort`, since they cannot share it: the workers first, the API after them.
 */
export function servicePrograms(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  healthPort: number | null;
}): ServiceProgram[] {
  const { root, env, healthPort } = options;
  return SERVICES.map((name) => {
    const HEALTH_PORT = healthPort === null ? '0' : String(healthPort + WITH_HEALTH_PORT.indexOf(name));
    return serviceProgram(root, name, { ...env, HEALTH_PORT });
  });
}
