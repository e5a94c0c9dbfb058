/*
 * Everything that is known under an id, whatever kind of id it is. Reads only.
 */
export * from './find-named.js';
