import { findSecrets } from '../system/find-secrets.js';
import type { CheckShape } from './check-shape.js';
import type { DocumentedErrors } from './documented-errors.js';
import type { WrittenRequest } from './drawn-request.js';
import type { KnownThings } from './known-things.js';
import type { Operation } from './read-operations.js';
import type { Answer } from './send-request.js';

export interface Rules {
  readonly isDocumented: DocumentedErrors;
  readonly checkShape: CheckShape;
  readonly things: Pick<KnownThings, 'accountOf'>;
  /** Texts that no answer may hold, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

const NO_CODE_OF_OURS = new Set(['worker']);

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The page of the board reads errors in a form of its own, which it translates. */
function isOfBoard({ url }: WrittenRequest, body: unknown): boolean {
  if (!url.startsWith('/admin/queues/api/') || !isRecord(body) || !isRecord(body['error'])) return false;
  return /^ERRORS\.[A-Z_]+$/.test(String(body['error']['key']));
}

function judgeError(
  request: WrittenRequest,
  { status, headers, text }: Answer,
  isDocumented: DocumentedErrors,
): string[] {
  const body = parse(text);
  if (isOfBoard(request, body)) return [];
  if (!isRecord(body)) return [`${status} is no JSON object: ${text.slice(0, 200)}`];
  const { error, code, details } = body;
  const wrong: string[] = [];
  if (!String(headers['content-type']).startsWith('application/json'))
    wrong.push(`${status} as ${headers['content-type']}`);
  if (typeof error !== 'string' || error === '') wrong.push(`${status} without a text: ${text.slice(0, 200)}`);
  if (typeof code !== 'string' || !isDocumented(status, code))
    wrong.push(`${status} with the code ${String(code)}, which is not documented`);
  const named = (one: unknown): boolean =>
    isRecord(one) && typeof one['path'] === 'string' && typeof one['message'] === 'string';
  if (details !== undefined && !(Array.isArray(details) && details.every(named)))
    wrong.push(`${status} with details that name no fields`);
  if (status === 503 && !/^\d+$/.test(String(headers['retry-after']))) wrong.push('503 without Retry-After');
  if (status === 405 && headers.allow === undefined) wrong.push('405 without Allow');
  return wrong;
}

/** Whose things an answer shows that the key of the request must not see. */
function judgeWalls({ key, url }: WrittenRequest, { status, text }: Answer, { accountOf }: Rules['things']): string[] {
  if (key !== 'acme' && key !== 'birch') return [];
  const wrong: string[] = [];
  const named = /^\/v1\/[a-z-]+\/([a-z]{3}_\d+)(?=[/?]|$)/.exec(url)?.[1];
  const owner = named === undefined ? null : accountOf(named);
  if (owner !== null && owner !== key && status < 400)
    wrong.push(`the key of ${key} got ${status} for ${named} of ${owner}`);
  const other = [...text.matchAll(/"account_id":"([^"]*)"/g)].find(([, account]) => account !== key);
  if (other !== undefined && status < 300) wrong.push(`the key of ${key} was shown ${other[0]}`);
  return wrong;
}

/** What of an answer breaks a rule; empty when it keeps them all. */
export function judgeAnswer(
  request: WrittenRequest,
  answer: Answer,
  operation: Operation | null,
  rules: Rules,
): string[] {
  const { status, headers, text } = answer;
  // Where HTTP itself refuses a request, nobody knows yet that its answer must have no body.
  if (status === 0) return request.method === 'HEAD' && text.includes('Parse Error') ? [] : [text];
  const wrong: string[] = [];
  const shown = [text, JSON.stringify(headers)];
  wrong.push(...findSecrets(rules.secrets, { 'the answer': shown }));
  if (status === 500 || (status > 500 && status !== 503)) wrong.push(`${status}: ${text.slice(0, 300)}`);
  const isOperation = operation !== null && request.method === operation.method;
  if (request.method !== 'HEAD' && !NO_CODE_OF_OURS.has(request.target)) {
    if (status >= 400) wrong.push(...judgeError(request, answer, rules.isDocumented));
    else if (isOperation && String(headers['content-type']).startsWith('application/json')) {
      wrong.push(...rules.checkShape(operation, status, parse(text)));
    }
  }
  wrong.push(...judgeWalls(request, answer, rules.things));
  return wrong;
}
