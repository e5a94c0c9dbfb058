// `npm run containers`: builds the images, brings everything up beside whatever else runs on this machine, goes through
// the demo against it, scales a worker to three, goes through the rest, and takes it all down again, its data included.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilStopped } from '@trackly-tune/launcher';
import { readCommandLine } from './command-line.js';
import { runContainers } from './containers/run-containers.js';

readCommandLine({
  usage:
    'npm run containers\n\nBuilds the images, takes conversions through the containers to the books, and takes all down again.',
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { signal } = untilStopped(() => process.exit(1));
process.exit(await runContainers(root, signal));
