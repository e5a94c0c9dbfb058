export { startEmbeddedPostgres } from './start-postgres.js';
export { startEmbeddedRedis } from './start-redis.js';
export type { EmbeddedStore } from './store-process.js';
export { EmbeddedStoreError } from './store-user.js';
