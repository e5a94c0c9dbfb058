export { claimFolder } from './claim-folder.js';
export { openDataFolder, type DataFolder } from './data-folder.js';
export { EmbeddedStoreError, FolderInUseError } from './embedded-store-error.js';
export { endWithParent } from './end-with-parent.js';
export { freePort } from './free-port.js';
export { keptSecret } from './kept-secret.js';
export { startEmbeddedPostgres } from './start-postgres.js';
export { startEmbeddedRedis } from './start-redis.js';
export type { EmbeddedStore } from './store-process.js';
