export { addIntegration, type AddedIntegration } from './add-integration.js';
export { askDatabase, endConnections, tableFingerprint } from './ask-database.js';
export { holdTable } from './hold-table.js';
export { emptyRedis, readRedisContents } from './redis-contents.js';
export { refuseRows } from './refuse-rows.js';
export { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-databases.js';
export { testRedis } from './test-redis.js';
export { until } from './until.js';
export { startTestStores, type TestStores } from './test-stores.js';
