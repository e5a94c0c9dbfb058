/*
 * Postbacks: stored first, let into the books' facts later (law 5).
 *
 *     (200) stored, waiting ──admitPostbacks──► let in: a conversion of its own ──► claimed by the pulled row that it is
 *                             └─ fails alone ─► parked                           └─ not within its time ─► told as unconfirmed
 *
 * - A refused one has a code and a reason, and never becomes a conversion. Only a postback waits to be confirmed
 *   (confirm_by).
 * - A delivery is stored once for its identity; of each record the states are applied in the order they came.
 */
export * from './admit-postbacks.js';
export * from './postback-config.js';
export * from './postback-counts.js';
export * from './postback-offers.js';
export * from './postbacks-read.js';
export * from './report-unconfirmed.js';
export * from './store-postbacks.js';
