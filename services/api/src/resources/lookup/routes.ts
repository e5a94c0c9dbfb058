import type { Route } from '../../ports.js';
import { getLookup } from './get-lookup.js';

export const lookupRoutes: readonly Route[] = [getLookup];
