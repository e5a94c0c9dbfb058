// A simulated TUNE as a process of its own. `PORT` and `HOST` say where it listens; `TUNE_SIMULATOR_NETWORKS` holds a
// JSON list of network specs (default: the network `demo` with the token `NETdemo`). More can be added over `/_control`.
import { startTuneSimulator } from './start-simulator.js';
import type { NetworkSpec } from './network-spec.js';

const { PORT = '0', HOST = '127.0.0.1', TUNE_SIMULATOR_NETWORKS } = process.env;
const networks: NetworkSpec[] =
  TUNE_SIMULATOR_NETWORKS === undefined
    ? [{ id: 'demo', token: 'NETdemo' }]
    : (JSON.parse(TUNE_SIMULATOR_NETWORKS) as NetworkSpec[]);
const simulator = await startTuneSimulator({ port: Number(PORT), host: HOST, networks });
process.stdout.write(`service=tune-simulator pid=${process.pid} url=${simulator.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
