import type { Route } from '../../ports.js';
import { getConversion } from './get-conversion.js';
import { getTrail } from './get-trail.js';
import { listConversionsRoute } from './list-conversions.js';

export const conversionRoutes: readonly Route[] = [listConversionsRoute, getConversion, getTrail];
