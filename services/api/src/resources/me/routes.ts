import type { Route } from '../../ports.js';
import { getMe } from './get-me.js';

export const meRoutes: readonly Route[] = [getMe];
