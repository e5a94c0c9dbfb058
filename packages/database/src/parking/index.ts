/*
 * What fails alone, while its neighbours go through.
 *
 *     waits in its own table ──fails alone──► parked ──tried alone, with growing pauses, or because a person asks──► done
 *
 * - A parked item stays where it waits; a row of parked_items makes the sets leave it out. This folder alone writes them.
 */
export * from './parked-items.js';
export * from './parked-transactions.js';
