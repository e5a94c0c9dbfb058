/*
 * Transactions: the unit of decision, of locking and of work.
 *
 *     (new facts, re-opened) ──► due (due_since is set) ──settled──► not due
 *                                 └─ fails alone ─► due and parked (parked_items), until it goes through
 *
 * - This folder alone writes due_since, cause and background. What is due has a cause, what is not has none.
 * - Whoever locks several does so in the order of (integration_id, key): two orders are a deadlock.
 * - A decision is stored with its evidence; the ledger entries that follow from it are in the same database transaction.
 */
export * from './claim-due.js';
export { markSettled } from './mark-due.js';
export * from './reopen-marked.js';
export * from './save-decisions.js';
export * from './settle-backlog.js';
export * from './transaction-facts.js';
