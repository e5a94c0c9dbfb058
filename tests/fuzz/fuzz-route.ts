import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { curlLine } from './curl-line.js';
import { writeRequest, type DrawnRequest, type WrittenRequest } from './drawn-request.js';
import type { FuzzRoute } from './fuzz-routes.js';
import { judgeAnswer, type Rules } from './judge-answer.js';
import type { KnownThings } from './known-things.js';
import type { Answer } from './send-request.js';

export interface FuzzFailure {
  readonly route: string;
  readonly seed: number;
  readonly problems: readonly string[];
  /** The smallest request that was found to break the rule, for a shell. */
  readonly curl: string;
}

export interface RouteReport {
  readonly name: string;
  requests: number;
  /** How many answers had each status; 0: no answer. */
  readonly statuses: Record<string, number>;
  slowestMs: number;
}

/** Of one route: more of the same would say nothing new. */
const FAILURES_MAX = 3;
const SHRINKING_REQUESTS_MAX = 150;
/** Until a line that was written has come through its pipe. */
const LOG_WAIT_MS = 200;
const LOG_SHOWN_MAX = 1_500;

export interface RouteParts {
  readonly rules: Rules;
  readonly things: KnownThings;
  readonly send: (request: WrittenRequest) => Promise<Answer>;
  /** What the services have logged so far. */
  readonly lines: () => readonly string[];
}

/** What may change a thing never names those whose books are compared. */
const changesThings = ({ method, path }: DrawnRequest): boolean =>
  !['GET', 'HEAD', 'POST'].includes(method) ||
  path.some((step) => 'literal' in step && step.literal === 'rotate-secret');

function learn(things: KnownThings, { status, text }: Answer): void {
  if (status < 200 || status > 299 || !text.startsWith('{')) return;
  try {
    things.learnFrom(JSON.parse(text));
  } catch {
    // Judged elsewhere.
  }
}

/** Why an answer is what nobody expected: the line of the log under its request id. */
async function reasonOf({ headers }: Answer, lines: RouteParts['lines']): Promise<string[]> {
  await sleep(LOG_WAIT_MS);
  const id = JSON.stringify(headers['x-request-id'] ?? '');
  const line = lines().find((one) => one.includes(`"request_id":${id}`) && one.includes('request failed'));
  return line === undefined ? [] : [line.slice(0, LOG_SHOWN_MAX)];
}

/**
 * Asks a route `runs` times, each request drawn anew. One that breaks a rule is made as small as can be, and then it
 * goes on with others.
 */
export async function fuzzRoute(
  { name, operation, requests }: FuzzRoute,
  runs: number,
  seed: number,
  { rules, things, send, lines }: RouteParts,
): Promise<{ report: RouteReport; failures: FuzzFailure[] }> {
  const report: RouteReport = { name, requests: 0, statuses: {}, slowestMs: 0 };
  const failures: FuzzFailure[] = [];
  let smallest: { curl: string; problems: string[] } | null = null;
  let shrinking = 0;

  async function tryOne(drawn: DrawnRequest): Promise<void> {
    if (smallest !== null && (shrinking += 1) > SHRINKING_REQUESTS_MAX) return;
    const request = writeRequest(drawn, things.find({ changes: changesThings(drawn) }));
    const answer = await send(request);
    report.requests += 1;
    report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
    report.slowestMs = Math.max(report.slowestMs, Math.round(answer.tookMs));
    const problems = judgeAnswer(request, answer, operation, rules);
    learn(things, answer);
    if (problems.length === 0) return;
    if (answer.status === 500) problems.push(...(await reasonOf(answer, lines)));
    smallest = { curl: curlLine(request), problems };
    throw new Error(problems.join('; '));
  }

  let left = runs;
  for (let round = 0; left > 0 && failures.length < FAILURES_MAX; round += 1) {
    smallest = null;
    shrinking = 0;
    const roundSeed = (seed + round * 7_919) | 0;
    const found = await fc.check(fc.asyncProperty(requests, tryOne), { numRuns: left, seed: roundSeed });
    left -= found.numRuns;
    if (!found.failed) break;
    const { curl, problems } = (smallest as { curl: string; problems: string[] } | null) ?? {
      curl: '',
      problems: [String(found.errorInstance)],
    };
    failures.push({ route: name, seed: roundSeed, problems, curl });
  }
  return { report, failures };
}
