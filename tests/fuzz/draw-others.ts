import fc from 'fast-check';
import { badHeaders, badKey, goodKey } from './draw-headers.js';
import type { DrawnRequest, PathStep, Target } from './drawn-request.js';
import type { Drawn } from './drawn-values.js';
import { hostileText, hostileValue } from './hostile-values.js';
import { seldom } from './seldom.js';

const QUEUES = ['offer-sync', 'conversion-sync', 'attribution', 'no-such-queue', '__proto__'];
const STATES = ['active', 'waiting', 'completed', 'failed', 'delayed', 'paused', 'latest', 'x', '__proto__'];

const literal = (...texts: string[]): fc.Arbitrary<PathStep> =>
  fc.constantFrom(...texts).map((text) => ({ literal: text }));
const encoded = (text: fc.Arbitrary<string>): fc.Arbitrary<PathStep> => text.map((value) => ({ encoded: value }));
const often = (usual: fc.Arbitrary<PathStep>, seldom: fc.Arbitrary<PathStep>): fc.Arbitrary<PathStep> =>
  fc.oneof({ arbitrary: usual, weight: 5 }, { arbitrary: seldom, weight: 1 });

function requests(
  target: Target,
  methods: readonly string[],
  paths: fc.Arbitrary<readonly PathStep[]>,
  body: fc.Arbitrary<DrawnRequest['body']> = fc.constant(null),
  query: fc.Arbitrary<DrawnRequest['query']> = fc.constant([]),
): fc.Arbitrary<DrawnRequest> {
  return fc.record({
    target: fc.constant(target),
    method: fc.constantFrom(...methods),
    path: paths,
    query,
    tail: fc.constant(''),
    key: fc.oneof({ arbitrary: goodKey, weight: 8 }, { arbitrary: badKey, weight: 1 }),
    headers: seldom(badHeaders, 6).map((lines) => lines ?? []),
    body,
  });
}

const queue = often(literal(...QUEUES), encoded(hostileText));
const job = often(literal('1', '0', 'repeat:x:1', '-1', 'x'), encoded(hostileText));
const below = (...steps: fc.Arbitrary<PathStep>[]): fc.Arbitrary<readonly PathStep[]> =>
  fc.tuple(literal('admin'), literal('queues'), ...steps);

const boardQuery = fc.array(
  fc.tuple(
    fc.constantFrom('activeQueue', 'status', 'page', 'jobsPerPage', 'queue', 'start', 'end', 'search', 'sort'),
    fc.oneof(fc.constantFrom<Drawn>(...QUEUES, ...STATES, '1', '-1', '1e9'), hostileText),
  ),
  { maxLength: 3 },
);

/** What the board shows. */
export const boardLooks = requests(
  'api',
  ['GET'],
  fc.oneof(
    fc.tuple(literal('admin'), literal('queues')),
    below(literal('', 'metrics-history', 'job-schedulers', 'queue')),
    below(literal('queue', 'static'), encoded(hostileText)),
    below(literal('api'), literal('queues', 'job-schedulers', 'redis', 'x')),
    below(literal('api'), literal('redis'), literal('stats')),
    below(
      literal('api'),
      literal('queues'),
      queue,
      often(literal('metrics', 'workers', 'rate-limit', 'default-job-options', 'job-data-schema'), job),
    ),
    below(literal('api'), literal('queues'), queue, job, literal('logs', 'flow', 'x')),
  ),
  fc.constant(null),
  boardQuery,
);

const boardBody = fc.oneof(
  fc.constant(null),
  fc
    .oneof(
      fc.record({ max: hostileValue, duration: hostileValue, concurrency: hostileValue }, { requiredKeys: [] }),
      fc.record({ name: hostileValue, data: hostileValue, options: hostileValue }, { requiredKeys: [] }),
      fc.record({ jobIds: hostileValue, repeat: hostileValue, pattern: hostileValue }, { requiredKeys: [] }),
      hostileValue,
    )
    .map((content) => ({ type: 'application/json', content: content, as: 'json' as const, cut: 0 })),
);

/** What the board changes: a queue that was paused or emptied by it is set right in the end. */
export const boardChanges = requests(
  'api',
  ['PUT', 'PUT', 'PUT', 'POST', 'PATCH', 'DELETE'],
  fc.oneof(
    below(literal('api'), literal('queues'), literal('pause', 'resume', 'x')),
    below(
      literal('api'),
      literal('queues'),
      queue,
      literal('pause', 'resume', 'empty', 'promote', 'add', 'concurrency', 'rate-limit', 'obliterate'),
    ),
    below(
      literal('api'),
      literal('queues'),
      queue,
      literal('retry', 'clean'),
      often(literal(...STATES), encoded(hostileText)),
    ),
    below(literal('api'), literal('queues'), queue, job, literal('retry', 'clean', 'promote', 'update-data', 'x')),
    below(literal('api'), literal('queues'), queue, literal('job-schedulers'), job, literal('run', 'remove')),
  ),
  boardBody,
);

/** Pages and documents, with ways out of their folder. */
export const documents = requests(
  'api',
  ['GET', 'GET', 'GET', 'HEAD', 'POST'],
  fc.oneof(
    fc.tuple(literal('docs', 'openapi.json', '')),
    fc.tuple(literal('docs'), literal('', 'json', 'yaml', 'static', 'x', 'uiConfig', 'initOAuth')),
    fc.tuple(
      literal('docs'),
      literal('static'),
      often(
        literal('index.html', 'swagger-ui.css', 'swagger-initializer.js', '..', '%2e%2e', '%00'),
        encoded(hostileText),
      ),
    ),
    fc.tuple(
      literal('docs'),
      literal('static'),
      literal('..', '%2e%2e', '..%2f..%2f..'),
      literal('package.json', 'etc%2fpasswd'),
    ),
  ),
);

const unknownPath = fc.oneof(
  fc.tuple(literal('v1'), encoded(hostileText)),
  fc.tuple(encoded(hostileText)),
  fc.tuple(
    literal('v1', 'V1', '%76%31', 'v2', '..', '.', ''),
    literal('integrations', '', 'nowhere'),
    literal('', '..', '%00'),
  ),
  fc.tuple(literal('conv', 'admin', '.env', '.git', 'console'), literal('offer', 'config', '', 'HEAD')),
  fc.array(encoded(hostileText), { maxLength: 6 }),
);

/** Paths that no route has, on every server. */
export const unknownRoutes = fc
  .constantFrom<Target>('api', 'postbacks', 'worker')
  .chain((target) => requests(target, ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'], unknownPath));
