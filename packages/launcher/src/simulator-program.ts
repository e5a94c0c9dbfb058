import path from 'node:path';
import type { ServiceProgram } from './supervise-service.js';

/**
 * How a simulated TUNE is started beside the services, for the demo, development, benchmarks and tests. It runs what
 * `compileSources` made.
 *
 * @param networks as the simulator describes them; more can be added while it runs
 */
export function simulatorProgram(root: string, port: number, networks: readonly object[] = []): ServiceProgram {
  return {
    name: 'tune-simulator',
    command: process.execPath,
    args: ['--enable-source-maps', path.join(root, 'packages/tune-simulator/dist/main.js')],
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(port), TUNE_SIMULATOR_NETWORKS: JSON.stringify(networks) },
  };
}
