import type { Route } from '../../ports.js';
import { getRevenue } from './get-revenue.js';
import { listRevenueChanges } from './list-revenue-changes.js';

export const revenueRoutes: readonly Route[] = [getRevenue, listRevenueChanges];
