import type { Route } from '../../ports.js';
import { listParkedTransactionsRoute } from './list-parked-transactions.js';
import { retryParkedTransaction } from './retry-parked-transaction.js';

export const parkedTransactionRoutes: readonly Route[] = [listParkedTransactionsRoute, retryParkedTransaction];
