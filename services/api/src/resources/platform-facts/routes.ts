import type { Route } from '../../ports.js';
import { postClicks } from './post-clicks.js';
import { postMessages } from './post-messages.js';

export const platformFactRoutes: readonly Route[] = [postMessages, postClicks];
