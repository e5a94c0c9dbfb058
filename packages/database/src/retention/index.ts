/*
 * What is old and used by nothing is dropped.
 *
 *     pass   waiting ──due──► at page 0 ──a few pages a batch: next_block──► at the end ──► waiting
 *                               (one batch at a time for each table; a killed process leaves the pass where it was)
 *
 * - Age counts from when we received a record, by PostgreSQL's clock.
 * - A click or message that a transaction looks for, or that a decision or a click names, is used and never dropped.
 *   One place says so: used-facts.ts.
 * - While facts are dropped nothing is decided, and the other way round (`holdFacts`): no decision names what is gone.
 * - Conversions, their versions, decisions, books and accepted postbacks are never dropped.
 */
export * from './drop-batch.js';
export * from './hold-facts.js';
export * from './long-windows.js';
export * from './passes.js';
