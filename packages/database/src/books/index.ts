/*
 * The revenue ledger, its sequence, and everything that is read from it.
 *
 *     entry booked (ledger_unnumbered) ──relayLedger──► numbered (ledger_feed), folded into revenue_totals
 *
 * - Entries are never changed (law 2). One relay numbers them without gaps after they are committed (law 4).
 * - "As of" means up to a number of the sequence, so an answer once given stays the same.
 */
export * from './books-scope.js';
export * from './complete-through.js';
export { findOfferKey, type ConversionFilter, type OfferKey } from './conversion-filter.js';
export * from './conversions-read.js';
export type { TrailDecision } from './decisions-read.js';
export * from './feed-read.js';
export * from './relay-ledger.js';
export * from './resolve-as-of.js';
export { REVENUE_GROUPINGS, REVENUE_SORTS, type RevenueGrouping, type RevenueSort } from './revenue-groups.js';
export * from './revenue-read.js';
export * from './trail-read.js';
