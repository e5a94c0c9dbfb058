import fastify from 'fastify';
import { createFaults, type Faults } from './faults.js';
import { serveApi } from './http/serve-api.js';
import { serveControl } from './http/serve-control.js';
import { createNetwork, type RunningNetwork, type SimulatedNetwork } from './network.js';
import type { NetworkSpec } from './network-spec.js';

export interface TuneSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly networks: readonly NetworkSpec[];
  /** Milliseconds since 1970; decides the reach of reports and on which day something was changed. */
  readonly now?: () => number;
}

export interface TuneSimulator {
  readonly url: string;
  /** For `TUNE_API_URL`: `{network_id}` is still in it. */
  readonly apiUrl: string;
  readonly faults: Faults;
  /** Throws RangeError for an id that it does not have. */
  network(id: string): SimulatedNetwork;
  addNetwork(spec: NetworkSpec): SimulatedNetwork;
  /** How often somebody followed the `redirect` fault to where it leads. */
  redirectsFollowed(): number;
  /** Ends all connections, those that hang included. */
  close(): Promise<void>;
}

/** Longer than any `maxUrlLength` in use, so that the simulator and not Node.js refuses a long address. */
const HEADER_BYTES_MAX = 262_144;
const BODY_BYTES_MAX = 512 * 1024 * 1024;

/** Starts a TUNE that serves some networks over HTTP, with its control plane beside it. */
export async function startTuneSimulator(options: TuneSimulatorOptions): Promise<TuneSimulator> {
  const { port = 0, host = '127.0.0.1', now = Date.now } = options;
  const networks = new Map<string, RunningNetwork>();
  const faults = createFaults();
  let redirectsFollowed = 0;

  function addNetwork(spec: NetworkSpec): SimulatedNetwork {
    if (networks.has(spec.id)) throw new RangeError(`Network ${spec.id} is there already`);
    const network = createNetwork(spec, now);
    networks.set(network.id, network);
    return network;
  }
  function network(id: string): SimulatedNetwork {
    const found = networks.get(id);
    if (found === undefined) throw new RangeError(`No network ${id}`);
    return found;
  }
  options.networks.forEach(addNetwork);

  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES_MAX,
    http: { maxHeaderSize: HEADER_BYTES_MAX },
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.all('/_elsewhere', () => {
    redirectsFollowed += 1;
    return { request: {}, response: { status: 1, httpStatus: 200, data: [], errors: [], errorMessage: null } };
  });
  serveControl(app, { network, addNetwork, networks: () => networks.values(), faults });
  serveApi(app, { networks, faults, now });
  const url = await app.listen({ port, host });
  return {
    url,
    apiUrl: `${url}/{network_id}/Apiv3/json`,
    faults,
    network,
    addNetwork,
    redirectsFollowed: () => redirectsFollowed,
    close: () => app.close(),
  };
}
