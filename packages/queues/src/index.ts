export type { JobName, PayloadOf, QueueName } from './catalogue.js';
export { createRedis, pingRedis } from './connection.js';
export { holdSchedules } from './hold-schedules.js';
export type { Handlers, HandlersOf, JobContext, JobOutcome } from './process-job.js';
export { createQueues, type JobState, type Queues } from './queues.js';
export type { ScheduleEntry, ScheduleSpec } from './schedules.js';
export { createWorker, type QueueWorker } from './worker.js';
