import { fromPublicId, type PublicId } from '@trackly-tune/domain';
import { z } from 'zod';

/**
 * An integration by the id that callers see, as on the queues' board and in logs: a job carries ids, never tokens and
 * never conversions. A job that a version before sent has the row's number.
 */
const integrationId = z.preprocess(
  (value) => (typeof value === 'string' && /^[1-9]\d{0,18}$/.test(value) ? `int_${value}` : value),
  z.custom<PublicId<'integration'>>(
    (value) => typeof value === 'string' && fromPublicId('integration', value) !== null,
    'must be the id of an integration',
  ),
);
const networkId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

export const QUEUE_NAMES = ['offer-sync', 'conversion-sync', 'attribution'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** How often a failing job is tried, and the pause after its first failure, which doubles with each further one. */
export interface RetryRule {
  readonly attempts: number;
  readonly backOffMs: number;
}

export interface JobKind<Payload, Queue extends QueueName> {
  readonly queue: Queue;
  readonly payload: z.ZodType<Payload>;
  /** Jobs with one id in one queue say the same thing: at most one runs and one waits. */
  readonly deduplicationId: (payload: Payload) => string;
  readonly retry: RetryRule;
  /** The handler's signal aborts after this long; handlers yield long before. */
  readonly runTimeMaxMs: number;
}

function job<Payload, Queue extends QueueName>(kind: JobKind<Payload, Queue>): JobKind<Payload, Queue> {
  return kind;
}

const SYNC_RETRY: RetryRule = { attempts: 3, backOffMs: 1_000 };
const TICK_RETRY: RetryRule = { attempts: 3, backOffMs: 500 };
const MINUTE_MS = 60_000;

/**
 * Every job there is. A job says "look": what is due stands in PostgreSQL, so a lost job only makes work start later,
 * and a job that is given up fails nothing.
 */
export const JOBS = {
  /**
   * Look whether this network has slices of conversions to pull. An urgent one says that live work came: it does not
   * wait for the job that may be busy with the network's backfill, but interrupts it.
   */
  'pull-network': job({
    queue: 'conversion-sync',
    payload: z.strictObject({ networkId, urgent: z.literal(true).optional() }),
    deduplicationId: ({ networkId: id, urgent }) => `${urgent ? 'urgent-' : ''}pull-network-${id}`,
    retry: SYNC_RETRY,
    runTimeMaxMs: 15 * MINUTE_MS,
  }),
  /** The tick of an integration's conversion schedule. */
  'scheduled-pull': job({
    queue: 'conversion-sync',
    payload: z.strictObject({ integrationId }),
    deduplicationId: (payload) => `scheduled-pull-${payload.integrationId}`,
    retry: TICK_RETRY,
    runTimeMaxMs: MINUTE_MS,
  }),
  /** Look whether this network has offers to fetch. */
  'sync-network-offers': job({
    queue: 'offer-sync',
    payload: z.strictObject({ networkId }),
    deduplicationId: (payload) => `sync-network-offers-${payload.networkId}`,
    retry: SYNC_RETRY,
    runTimeMaxMs: 15 * MINUTE_MS,
  }),
  /** The tick of an integration's offer schedule. */
  'scheduled-offer-sync': job({
    queue: 'offer-sync',
    payload: z.strictObject({ integrationId }),
    deduplicationId: (payload) => `scheduled-offer-sync-${payload.integrationId}`,
    retry: TICK_RETRY,
    runTimeMaxMs: MINUTE_MS,
  }),
  /** Look for late facts, due transactions, unnumbered entries and runs to finish. */
  'settle-pending': job({
    queue: 'attribution',
    payload: z.strictObject({}),
    deduplicationId: () => 'settle-pending',
    retry: TICK_RETRY,
    runTimeMaxMs: 15 * MINUTE_MS,
  }),
} as const;

export type JobName = keyof typeof JOBS;
/** The jobs of one queue. */
export type JobOf<Queue extends QueueName> = {
  [Name in JobName]: (typeof JOBS)[Name]['queue'] extends Queue ? Name : never;
}[JobName];
export type PayloadOf<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>;

/** How long finished jobs stay to be looked at on the board; ages in seconds, as BullMQ wants them. */
export const KEPT_JOBS = {
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 7 * 86_400, count: 5_000 },
};

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOBS, name);
}
