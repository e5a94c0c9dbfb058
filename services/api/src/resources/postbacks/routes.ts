import type { Route } from '../../ports.js';
import type { PostbackIntake } from './intake/open-postback-intake.js';
import { listPostbacksRoute } from './list-postbacks.js';
import { postbackConfig } from './postback-config.js';

/** What people set postbacks up with; what TUNE calls is `convOffer`. */
export const postbackRoutes = (intake: Pick<PostbackIntake, 'forgetOffer'>): readonly Route[] => [
  listPostbacksRoute,
  (ports) => postbackConfig(ports, intake.forgetOffer),
];
