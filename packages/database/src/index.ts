/*
 * Every SQL statement of the product, in folders by story. Each folder opens with its invariants and, where there is
 * one, its state machine; a state machine has one writer (law 19).
 */
export * from './connection/index.js';
export * from './schema/index.js';
export * from './requests/index.js';
export * from './integrations/index.js';
export * from './offers/index.js';
export * from './facts/index.js';
export * from './postbacks/index.js';
export * from './transactions/index.js';
export * from './parking/index.js';
export * from './books/index.js';
export * from './reattribution/index.js';
export * from './runs/index.js';
export * from './retention/index.js';
export * from './lookup/index.js';
