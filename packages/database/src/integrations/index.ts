/*
 * Integrations, their settings, secrets and log.
 *
 *     active ──markDeleted──► deleted (nothing is synced, books and facts stay) ──restored──► active
 *
 * - What decides conversions stands in versioned settings, which are never changed: a change is a new version (law 1).
 * - Secrets are sealed outside and only opened to be sent (law 12).
 */
export * from './budget-memory.js';
export * from './integrations-read.js';
export * from './integrations-write.js';
export * from './log-integration.js';
export * from './log-read.js';
export * from './network-traits.js';
export * from './pull-target.js';
export * from './sealed-secrets.js';
export * from './settings-read.js';
