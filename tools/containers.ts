// `npm run containers`: builds the images, brings everything up beside whatever else runs on this machine, goes through
// the demo against it, scales a worker to three, goes through the rest, and takes it all down again, its data included.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilStopped } from '@trackly-tune/launcher';
import { runContainers } from './containers/run-containers.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { signal } = untilStopped(() => process.exit(1));
process.exit(await runContainers(root, signal));
