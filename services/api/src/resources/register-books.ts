import type { FastifyInstance } from 'fastify';
import { postClicks } from './platform-facts/post-clicks.js';
import { getConversion } from './conversions/get-conversion.js';
import { getTrail } from './conversions/get-trail.js';
import { listConversionsRoute } from './conversions/list-conversions.js';
import { postMessages } from './platform-facts/post-messages.js';
import { listParkedTransactionsRoute } from './parked-transactions/list-parked-transactions.js';
import { retryParkedTransaction } from './parked-transactions/retry-parked-transaction.js';
import { postReattribution } from './reattributions/post-reattribution.js';
import { listRevenueChanges } from './revenue/list-revenue-changes.js';
import { getRevenue } from './revenue/get-revenue.js';
import type { ApiPorts } from '../ports.js';

/** Registers the routes of the platform's facts and of the books. Paths are whole: register without a prefix. */
export async function registerBooks(app: FastifyInstance, ports: ApiPorts): Promise<void> {
  const routes = [
    postMessages,
    postClicks,
    listConversionsRoute,
    getConversion,
    getTrail,
    getRevenue,
    listRevenueChanges,
    postReattribution,
    listParkedTransactionsRoute,
    retryParkedTransaction,
  ];
  for (const route of routes) await app.register(route(ports));
}
