export * from './clock.js';
export * from './config-addresses.js';
export * from './config-keys.js';
export {
  directAfterMs,
  healthPort,
  networkLeaseMs,
  port,
  postbackPort,
  rateLimit,
  retentionClicksDays,
  retentionLogDays,
  retryAfterMs,
  wholeNumber,
} from './config-numbers.js';
export * from './database-metrics.js';
export * from './health-server.js';
export * from './job-metrics.js';
export * from './key-ring.js';
export { logRepeatedErrors, type ErrorRun } from './log-repeated-errors.js';
export * from './logger.js';
export { createLoopMetrics, createLoopWatch, type LoopWatch } from './loop-watch.js';
export * from './metrics.js';
export * from './parse-environment.js';
export * from './queue-metrics.js';
export * from './readiness.js';
export * from './resource-stack.js';
export * from './run-every.js';
export * from './run-service.js';
export * from './scrub-secrets.js';
export * from './time-limit.js';
export * from './tune-metrics.js';
export { VERSION } from './version.js';
export * from './wait-until.js';
