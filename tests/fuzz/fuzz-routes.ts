import type fc from 'fast-check';
import { boardChanges, boardLooks, documents, unknownRoutes } from './draw-others.js';
import { postbacks } from './draw-postback.js';
import { drawRequest } from './draw-request.js';
import type { DrawnRequest } from './drawn-request.js';
import { readOperations, type OpenApiDocument, type Operation } from './read-operations.js';

/** What is asked over and over, and how. */
export interface FuzzRoute {
  readonly name: string;
  /** As the document describes it; null for what is not in it. */
  readonly operation: Operation | null;
  readonly requests: fc.Arbitrary<DrawnRequest>;
  /** Its part of all requests, beside the others' 1. */
  readonly weight: number;
}

/** What deletes is asked less often: otherwise there is soon nothing left to ask for. */
const WEIGHTS: Readonly<Record<string, number>> = { POST: 1.5, PATCH: 1.5, DELETE: 0.4 };
const CHANGES_OF_BOARD = 'board: changes';

/** Every operation of the document, and what stands in none: postbacks in all their ways, the board, pages, the rest. */
export function fuzzRoutes(document: OpenApiDocument): FuzzRoute[] {
  const operations = readOperations(document).map((operation) => ({
    name: `${operation.method} ${operation.path}`,
    operation,
    requests: drawRequest(document, operation),
    weight: WEIGHTS[operation.method] ?? 1,
  }));
  const others = [
    { name: '/conv/offer on its own port', requests: postbacks, weight: 5 },
    { name: 'board: looks', requests: boardLooks, weight: 1.5 },
    { name: CHANGES_OF_BOARD, requests: boardChanges, weight: 1.5 },
    { name: 'documents', requests: documents, weight: 0.5 },
    { name: 'unknown routes', requests: unknownRoutes, weight: 1.5 },
  ];
  return [...operations, ...others.map((one) => ({ ...one, operation: null }))];
}

/** Whether a route can stop the workers: it is asked after all others. */
export const comesLast = ({ name }: FuzzRoute): boolean => name === CHANGES_OF_BOARD;
