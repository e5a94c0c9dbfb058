import type { Route } from '../../ports.js';
import { postReattribution } from './post-reattribution.js';

export const reattributionRoutes: readonly Route[] = [postReattribution];
