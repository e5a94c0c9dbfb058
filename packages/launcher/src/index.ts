export { launchConfig } from './config.js';
export { launch, type Launched } from './launch.js';
export { runLauncher } from './run-launcher.js';
export { servicePrograms } from './service-programs.js';
export type { ServiceProgram } from './supervise-service.js';
export { untilStopped } from './until-stopped.js';
export { waitReady } from './wait-ready.js';
