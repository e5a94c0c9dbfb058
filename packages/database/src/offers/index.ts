/*
 * The networks' catalogues, and the offers that were imported from them or made by hand.
 *
 *     in the catalogue ──missed by a whole one──► missed once ──missed again, or a person says so──► gone
 *     gone ──listed again──► in the catalogue
 *
 *     active, paused, expired, archived    from each to each by TUNE's word or a person's; to expired also by time
 *                                          alone; every change has its history
 *
 * - The status to come back with is kept only while an offer has vanished (vanished_at). A moment of expiration comes from
 *   a text of TUNE's.
 * - A catalogue counts only as a whole (law 20). An imported offer never disappears: it has vanished.
 */
export * from './available-offers.js';
export * from './catalogue-pages.js';
export * from './catalogue-store.js';
export * from './expire-offers.js';
export * from './note-unimported.js';
export * from './offer-history.js';
export { keptOfferOfRow } from './offer-rows.js';
export * from './offer-sync-read.js';
export * from './offer-sync-write.js';
export * from './offers-read.js';
export * from './offers-write.js';
export * from './payout-mismatch.js';
