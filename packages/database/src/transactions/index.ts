/*
 * Transactions: the unit of decision, of locking and of work.
 *
 *     (new facts, re-opened) ──► due (a row of due_transactions) ──settled──► not due (no row)
 *                                 └─ fails alone ─► due and parked (parked_items), until it goes through
 *
 * - Late clicks and messages re-open those that look for them (reopenMarked), from a mark that was stored with them.
 * - A transaction is known by a hash of its account and key, within its integration: only one that is due has a row.
 * - This folder alone writes these rows. Whoever adds facts to a transaction or settles it holds its row.
 * - Whoever locks several does so in the order of (integration_id, transaction_id): two orders are a deadlock.
 * - A decision is stored with its evidence; the ledger entries that follow from it are in the same database transaction.
 *   The one with the highest number holds; nothing that was decided is changed.
 */
export * from './claim-due.js';
export * from './load-candidates.js';
export * from './load-conversions.js';
export { markSettled } from './mark-due.js';
export * from './reopen-marked.js';
export * from './save-decisions.js';
export * from './settle-backlog.js';
export * from './transaction-facts.js';
export * from './transaction-id.js';
