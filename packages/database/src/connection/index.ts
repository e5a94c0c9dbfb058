/*
 * The way to PostgreSQL, and what every statement is made with.
 *
 * - A handle (`Database`) runs single statements; a writer of several asks for a `Tx`, so that none is forgotten.
 * - Sets of rows travel as one JSON parameter (`recordset`): one statement per thousand rows (law 7).
 * - What collides (40P01, 40001, ConcurrentChangeError) is done again from its beginning by `inTransaction`.
 */
export * from './connection.js';
export * from './content-hash.js';
export * from './ping-database.js';
export * from './retry-transaction.js';
export * from './store-away.js';
