export { createRateBudget, type BudgetUsage, type ObservedRateBudget, type RateBudgetOptions } from './rate-budget.js';
export type { ObservedCall } from './call-network.js';
export { MissingListError } from './read-page.js';
export { createTuneClients, type TuneClientsOptions } from './create-tune-clients.js';
export type { TuneLimits } from './limits.js';
export type { BudgetMemory } from './redis-memory.js';
export { TuneError, type AnsweredBy, type TuneErrorCode } from './tune-error.js';
export type * from './types.js';
export { watchRateBudget, type NetworkBudgetUsage, type WatchedRateBudget } from './watch-budget.js';
