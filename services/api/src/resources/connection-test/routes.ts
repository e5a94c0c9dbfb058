import type { Route } from '../../ports.js';
import { postTestConnection } from './post-test-connection.js';

export const connectionTestRoutes: readonly Route[] = [postTestConnection];
