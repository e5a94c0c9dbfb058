import type { FastifyRequest } from 'fastify';
import qs from 'qs';
import { textOf, type Parameters } from '../parameters.js';

/** A call as it came in. */
export interface ReceivedCall {
  readonly networkId: string;
  /** `Target::Method`. */
  readonly method: string;
  readonly parameters: Parameters;
  readonly urlLength: number;
}

/** As PHP reads them: `a[]=`, `a[b][c]=`, lists of any length, and the body's value before the address's. */
function parse(text: string): Parameters {
  return qs.parse(text, { depth: 6, arrayLimit: 10_000, parameterLimit: 50_000, plainObjects: true }) as Parameters;
}

/** The network stands in the path, or in `NetworkId` as it did before 2017 (tune-api.md, section 1.1). */
export function readCall(request: FastifyRequest): ReceivedCall {
  const url = request.raw.url ?? '';
  const question = url.indexOf('?');
  const inAddress = question < 0 ? {} : parse(url.slice(question + 1));
  const inBody = typeof request.body === 'string' ? parse(request.body) : {};
  const parameters: Parameters = { ...inAddress, ...inBody };
  const { network } = request.params as { network?: string };
  return {
    networkId: network ?? textOf(parameters['NetworkId']) ?? '',
    method: `${textOf(parameters['Target']) ?? ''}::${textOf(parameters['Method']) ?? ''}`,
    parameters,
    urlLength: url.length,
  };
}
