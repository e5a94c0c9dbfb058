export { launchConfig } from './config.js';
export { launch, type Launched } from './launch.js';
export { runLauncher } from './run-launcher.js';
export { serviceProgram, servicePrograms, SERVICES } from './service-programs.js';
export { superviseService, type ServiceProgram, type SupervisedService } from './supervise-service.js';
export { untilStopped } from './until-stopped.js';
export { waitReady } from './wait-ready.js';
