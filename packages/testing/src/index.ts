export { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-databases.js';
export { testRedis } from './test-redis.js';
export { startTestStores, type TestStores } from './test-stores.js';
