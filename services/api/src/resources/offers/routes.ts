import type { Route } from '../../ports.js';
import { getLink } from './get-link.js';
import { getOfferHistory } from './get-offer-history.js';
import { getOffer } from './get-offer.js';
import { listAvailableOffersRoute } from './list-available-offers.js';
import { listOffersRoute } from './list-offers.js';
import { patchOffer } from './patch-offer.js';
import { postLinks } from './post-links.js';
import { postOfferImport } from './post-offer-import.js';
import { postOfferSync } from './post-offer-sync.js';
import { postOffer } from './post-offer.js';

export const offerRoutes: readonly Route[] = [
  listAvailableOffersRoute,
  postOfferImport,
  postOfferSync,
  postOffer,
  listOffersRoute,
  getOffer,
  patchOffer,
  getOfferHistory,
  getLink,
  postLinks,
];
