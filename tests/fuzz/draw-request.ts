import fc from 'fast-check';
import { badBody, goodBody } from './draw-body.js';
import { badHeaders, badKey, goodHeaders, goodKey } from './draw-headers.js';
import { drawPath } from './draw-path.js';
import { badQuery, goodQuery } from './draw-query.js';
import type { DrawnRequest } from './drawn-request.js';
import type { OpenApiDocument, Operation } from './read-operations.js';
import { drawFrom } from './valid-values.js';

const OTHER_METHODS = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'TRACE', 'PROPFIND', 'QUERY', 'M-SEARCH'];
const RAW_TAILS = [
  '&',
  '=',
  '&&==&',
  '%',
  '%zz=1',
  'a=%ff',
  'page[]=1',
  'page[a]=1',
  '__proto__[x]=1',
  '#x',
  '?a=1',
  '+',
  'a',
];

type Part = 'method' | 'path' | 'query' | 'tail' | 'key' | 'headers' | 'body';

/** Requests for one operation of the document: all as it wants them, or bad in one part, seldom in all. */
export function drawRequest(
  document: OpenApiDocument,
  { method, path, parameters, body }: Operation,
): fc.Arbitrary<DrawnRequest> {
  const draw = drawFrom(document);
  const asked = parameters.filter((one) => one.in === 'query');
  // How often each is the bad part; what an operation does not have cannot be.
  const often: readonly (readonly [Part | 'none' | 'all', number])[] = [
    ['none', 10],
    ['path', path.includes('{') ? 3 : 0],
    ['query', asked.length > 0 ? 6 : 1],
    ['body', body === null ? 1 : 8],
    ['headers', 2],
    ...(['key', 'tail', 'method', 'all'] as const).map((part): [Part | 'all', number] => [part, 1]),
  ];
  const badPart = fc.constantFrom(...often.flatMap(([part, times]) => Array.from({ length: times }, () => part)));
  return badPart.chain((bad) => {
    const isGood = (part: Part): boolean => bad !== part && bad !== 'all';
    return fc.record({
      target: fc.constant('api' as const),
      method: isGood('method') ? fc.constant(method) : fc.constantFrom(...OTHER_METHODS),
      path: drawPath(path, isGood('path')),
      query: isGood('query') ? goodQuery(draw, asked) : badQuery(draw, asked),
      tail: isGood('tail') ? fc.constant('') : fc.constantFrom(...RAW_TAILS),
      key: isGood('key') ? goodKey : badKey,
      headers: isGood('headers') ? goodHeaders : badHeaders,
      body: isGood('body') ? goodBody(draw, body) : badBody(draw, body),
    });
  });
}
