/*
 * What was seen, as it was seen: conversions of reports, messages, clicks (law 1).
 *
 * - A conversion has a version for each observation that differs; what did not change writes nothing (law 6).
 * - Of two observations the one requested last wins, in whatever order they are written.
 * - A row that cannot be read is kept, counted and shown, and read again when the rules change (law 11). One that could
 *   be read at last (read_at) says under which rules (read_under).
 */
export * from './facts-read.js';
export * from './erase-contacts.js';
export type { IntakeOutcome } from './intake.js';
export type { UnreadableRow } from './keep-unreadable.js';
export * from './known-ids.js';
export * from './rejected-rows-read.js';
export * from './reread-rejected.js';
export * from './store-clicks.js';
export * from './store-messages.js';
export * from './store-page.js';
