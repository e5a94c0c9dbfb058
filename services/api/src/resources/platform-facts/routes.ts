import type { Route } from '../../ports.js';
import { getClick } from './get-click.js';
import { getMessage } from './get-message.js';
import { postClicks } from './post-clicks.js';
import { postMessages } from './post-messages.js';

export const platformFactRoutes: readonly Route[] = [postMessages, getMessage, postClicks, getClick];
