export type { Advice } from './advice.js';
export { JOBS, QUEUE_NAMES, type JobName, type PayloadOf, type QueueName } from './catalogue.js';
export { createRedis, pingRedis } from './connection.js';
export { InvalidPayloadError } from './job-payload.js';
export type { Handlers, JobContext, JobOutcome } from './process-job.js';
export { QueueUnavailableError } from './queue-unavailable.js';
export { createQueues, type JobState, type Queues } from './queues.js';
export type { ScheduleEntry, ScheduleSpec } from './schedules.js';
export { createWorker, type QueueWorker } from './worker.js';
