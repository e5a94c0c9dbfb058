/*
 * Sync runs, their slices, the leases on networks and the schedules: what is due, and who works on it (law 8).
 *
 *     run    queued ──startRun──► running ──every slice done: pulled_at──► being settled ──endSettledRun──► succeeded
 *              │                    │                                                     └─ parked, short ─► failed
 *              │                    ├─ a permanent error, or no retry is left ─► failed
 *              └────────────────────┴─ a person, or its integration was deleted ───────► cancelled
 *            A run of offers is not settled: succeedOfferRun ends it together with its catalogue.
 *            A backfill may be paused (paused_at) while it is queued or running and still has days to read.
 *
 *     slice  open ──leased, page by page: next_page──► done_at     (a page commits only while the lease holds)
 *              ├─ split: several in its place
 *              └─ postponed: not_before, attempts
 *
 *     lease  free ──takeLease: epoch + 1──► held, renewed by a heartbeat ──released, or expired──► free
 *
 * - This folder alone writes sync_runs, sync_slices, network leases and schedules.
 * - A run that ended has finished_at, an open one has not. One that waits has neither begun nor pulled; one that works
 *   has started_at, one that succeeded has pulled_at too. A failed one, and no other, has a code and words for it.
 * - A slice that is done asks for nothing (requested_at). A lease has its holder, epoch and end all the time.
 * - Only backfills are paused. Only pulls have covered_through, never before coverage_starts_at; only passes for late
 *   changes have watermarks.
 * - Of runs that read the same window of an integration one works at a time: the next begins when it has been read.
 * - A run succeeds only when everything in it is settled, numbered and on the books.
 */
export * from './begin-request.js';
export * from './cancel-open-runs.js';
export * from './cancel-stopped-runs.js';
export * from './changes-runs.js';
export * from './create-backfill.js';
export * from './create-pull.js';
export * from './fail-short-run.js';
export * from './finish-runs.js';
export * from './finish-slice.js';
export * from './integration-schedules.js';
export * from './lease-heartbeat.js';
export * from './network-lease.js';
export * from './offer-runs.js';
export * from './pause-run.js';
export * from './pull-backlog.js';
export * from './request-cancel.js';
export * from './runs-read.js';
export * from './schedules.js';
export * from './slice-pages.js';
export * from './slice-priority.js';
export * from './slices.js';
export * from './split-slice.js';
export * from './yield-slice.js';
