import path from 'node:path';
import type { ServiceProgram } from './supervise-service.js';

/** The services, the workers in the order of their health ports. */
export const SERVICES = ['api', 'offer-sync', 'conversion-sync', 'attribution'] as const;

/**
 * Bounds of V8 in MiB. Old space is a multiple of what a service needs: without a bound, V8 takes what a large machine
 * has before it looks for what is not needed any more. The semi-space holds what lives as long as a batch is under way,
 * which by default is too little for it: copying it out was a quarter of the time of attribution.
 */
const V8_FLAGS = ['--max-old-space-size=1024', '--max-semi-space-size=32'];

/** How a service is started from its sources: one process of Node.js, no package manager between. */
export function serviceProgram(root: string, name: string, env: NodeJS.ProcessEnv): ServiceProgram {
  return {
    name,
    command: process.execPath,
    args: [
      ...V8_FLAGS,
      '--conditions=development',
      '--import',
      'tsx',
      path.join(root, 'services', name, 'src/main.ts'),
    ],
    cwd: root,
    env,
  };
}

/**
 * The programs of all services on one machine. Workers that have a health port get one each, counted up from
 * `healthPort`, since they cannot share it.
 */
export function servicePrograms(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  healthPort: number | null;
}): ServiceProgram[] {
  const { root, env, healthPort } = options;
  return SERVICES.map((name, index) => {
    const HEALTH_PORT = healthPort === null || name === 'api' ? '0' : String(healthPort + index - 1);
    return serviceProgram(root, name, { ...env, HEALTH_PORT });
  });
}
