export { isEverybodys } from './is-everybodys.js';
export { isolate } from './isolate.js';
export { migrateWhenReachable } from './migrate-when-reachable.js';
export { openTune, type OpenTune } from './open-tune.js';
export { openWorker } from './open-worker.js';
export { createParking, type ParkableWork, type Parking, type ParkingReport } from './parking.js';
export { tuneSettings, workerSettings, type TuneSettings } from './worker-settings.js';
