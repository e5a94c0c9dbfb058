import { config as apiConfig } from '../../services/api/src/config.js';
import { attributionConfig } from '../../services/attribution/src/config.js';
import { conversionSyncConfig } from '../../services/conversion-sync/src/config.js';
import { offerSyncConfig } from '../../services/offer-sync/src/config.js';

/** Every variable that a service understands, so that `npm start` names all problems before it starts anything. */
export const serviceSettings = {
  ...apiConfig.shape,
  ...attributionConfig.shape,
  ...conversionSyncConfig.shape,
  ...offerSyncConfig.shape,
};
