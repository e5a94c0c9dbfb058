/*
 * Deciding conversions again under other settings, from what is known already.
 *
 *     run created (running) ──batches: pin, re-open──► everything re-opened (pulled_at) ──settled──► succeeded
 *                            └─ cancel asked for ─► cancelled at the next batch
 *
 * - The cursor moves from 0 to through_id; one that has moved has worked_at.
 * - A batch is one database transaction; the row's lock is its lease.
 * - A preview decides the same without writing.
 */
export * from './load-repinned.js';
export * from './preview-reattribution.js';
export * from './reattribute.js';
export type { ReattributionScope } from './reattribution-scope.js';
