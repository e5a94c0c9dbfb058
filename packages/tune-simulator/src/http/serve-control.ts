import type { FastifyInstance } from 'fastify';
import type { Conversion, ConversionChange, NewConversion } from '../conversions/conversion.js';
import type { ChangeOptions } from '../conversions/change-conversions.js';
import type { PlantOptions } from '../conversions/plant-conversions.js';
import type { FaultKind, Faults } from '../faults.js';
import type { PostbackOptions } from '../fire-postbacks.js';
import type { SimulatedNetwork } from '../network.js';
import type { NetworkChange, NetworkSpec, OfferSpec } from '../network-spec.js';

interface Control {
  network(id: string): SimulatedNetwork;
  addNetwork(spec: NetworkSpec): SimulatedNetwork;
  networks(): Iterable<SimulatedNetwork>;
  readonly faults: Faults;
}

interface PostbackOrder extends PostbackOptions {
  readonly urlTemplate: string;
  readonly eventIds: readonly string[];
}

type NextFault = { readonly kind: FaultKind } & Parameters<Faults['next']>[1];

interface InNetwork {
  Params: { id: string };
}
interface OfConversion {
  Params: { id: string; eventId: string };
}

/**
 * The same as the programming interface, for other processes: JSON with the same names under `/_control`. A request
 * that makes no sense is 400 with the reason.
 */
export function serveControl(app: FastifyInstance, control: Control): void {
  const { faults } = control;
  const at = '/_control/networks/:id';
  app.setErrorHandler((error, _request, reply) => {
    const message = error instanceof Error ? error.message : String(error);
    return reply.code(error instanceof RangeError || error instanceof SyntaxError ? 400 : 500).send({ error: message });
  });
  app.get('/_control/networks', () =>
    Array.from(control.networks(), (network) => ({ ...network.settings(), token: undefined })),
  );
  app.post<{ Body: NetworkSpec }>('/_control/networks', (request) => {
    const { id } = control.addNetwork(request.body);
    return { id };
  });
  app.patch<InNetwork & { Body: NetworkChange }>(at, (request) => {
    control.network(request.params.id).configure(request.body);
    return {};
  });
  app.post<InNetwork & { Body: OfferSpec }>(`${at}/offers`, (request) => {
    control.network(request.params.id).putOffer(request.body);
    return {};
  });
  app.post<InNetwork & { Body: PlantOptions }>(`${at}/plant`, (request) =>
    control.network(request.params.id).plantConversions(request.body),
  );
  app.post<InNetwork & { Body: NewConversion }>(`${at}/conversions`, (request) =>
    control.network(request.params.id).addConversion(request.body),
  );
  app.patch<OfConversion & { Body: ConversionChange }>(`${at}/conversions/:eventId`, (request) =>
    control.network(request.params.id).changeConversion(request.params.eventId, request.body),
  );
  app.post<InNetwork & { Body: ChangeOptions }>(`${at}/changes`, (request) => ({
    eventIds: control.network(request.params.id).changeConversions(request.body),
  }));
  app.get<InNetwork & { Querystring: { affiliateId?: string; after?: string; limit?: string } }>(
    `${at}/conversions`,
    (request): Conversion[] => {
      const { limit = '1000', ...filter } = request.query;
      return [...control.network(request.params.id).conversions({ ...filter, limit: Number(limit) })];
    },
  );
  app.get<InNetwork & { Querystring: { affiliateId: string; from?: string; to?: string } }>(`${at}/books`, (request) =>
    control.network(request.params.id).books(request.query),
  );
  app.post<InNetwork & { Body: PostbackOrder }>(`${at}/postbacks`, (request) => {
    const { urlTemplate, eventIds, ...options } = request.body;
    return control.network(request.params.id).firePostbacks(urlTemplate, eventIds, options);
  });
  app.get<InNetwork & { Querystring: { windowMs?: string } }>(`${at}/calls`, (request) => {
    const network = control.network(request.params.id);
    const { windowMs = '10000' } = request.query;
    return { ...network.calls(), worstWindow: network.callsInWorstWindow(Number(windowMs)) };
  });
  app.delete<InNetwork>(`${at}/calls`, (request) => {
    control.network(request.params.id).clearCalls();
    return {};
  });
  app.get('/_control/faults', () => faults.met());
  app.put<{ Body: Parameters<Faults['set']>[0] }>('/_control/faults', (request) => {
    faults.set(request.body);
    return {};
  });
  app.post<{ Body: NextFault }>('/_control/faults/next', (request) => {
    const { kind, ...options } = request.body;
    faults.next(kind, options);
    return {};
  });
  app.delete('/_control/faults', () => {
    faults.clear();
    return {};
  });
}
