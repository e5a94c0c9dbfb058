export { migrateConfig, runMigrate } from './migrate.js';
export { rotateKeysConfig, runRotateKeys } from './rotate-keys.js';
