/*
 * The schema as it is brought up to date and as it is described.
 *
 * - A migration is one file and only expands; what a newer version has applied already is left alone (law 21).
 * - One process migrates; the others ask for the lock again and again, since who waits for it holds an index up.
 * - A migration that waits for a table gives up after a moment and tries again, so that nobody waits behind it.
 * - A migration outside a transaction can be stopped anywhere and is done again as a whole.
 * - The description is the same for the same migrations on PostgreSQL 15 to 18, and is committed (law 17).
 */
export { DATA_CLASSES, type DataClass } from './data-classes.js';
export { describeSchema } from './describe-schema.js';
export * from './describe-tables.js';
export * from './migrate.js';
