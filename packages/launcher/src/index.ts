export { launchConfig } from './config.js';
export { launch, type Launched } from './launch.js';
export { runLauncher } from './run-launcher.js';
export { superviseService, type ServiceProgram } from './supervise-service.js';
export { untilStopped } from './until-stopped.js';
export { waitReady } from './wait-ready.js';
