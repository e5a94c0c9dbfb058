export { openTune, type OpenTune } from './open-tune.js';
export { openWorker, type Worker } from './open-worker.js';
export { tuneSettings, workerSettings, type TuneSettings, type WorkerSettings } from './worker-settings.js';
