import type { FastifyInstance } from 'fastify';
import { postClicks } from '../routes/clicks/post-clicks.js';
import { getConversion } from '../routes/conversions/get-conversion.js';
import { getTrail } from '../routes/conversions/get-trail.js';
import { listConversionsRoute } from '../routes/conversions/list-conversions.js';
import { postMessages } from '../routes/messages/post-messages.js';
import { listParkedTransactionsRoute } from '../routes/parked-transactions/list-parked-transactions.js';
import { retryParkedTransaction } from '../routes/parked-transactions/retry-parked-transaction.js';
import { postReattribution } from '../routes/reattributions/post-reattribution.js';
import { listRevenueChanges } from '../routes/revenue-changes/list-revenue-changes.js';
import { getRevenue } from '../routes/revenue/get-revenue.js';
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
