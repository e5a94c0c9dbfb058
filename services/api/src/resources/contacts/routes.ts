import type { Route } from '../../ports.js';
import { postErase } from './post-erase.js';

export const contactRoutes: readonly Route[] = [postErase];
