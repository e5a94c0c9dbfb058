import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../ports.js';
import { getLink } from '../routes/offers/get-link.js';
import { getOfferHistory } from '../routes/offers/get-offer-history.js';
import { getOffer } from '../routes/offers/get-offer.js';
import { listAvailableOffersRoute } from '../routes/offers/list-available-offers.js';
import { listOffersRoute } from '../routes/offers/list-offers.js';
import { patchOffer } from '../routes/offers/patch-offer.js';
import { postLinks } from '../routes/offers/post-links.js';
import { postOfferImport } from '../routes/offers/post-offer-import.js';
import { postOfferSync } from '../routes/offers/post-offer-sync.js';
import { postOffer } from '../routes/offers/post-offer.js';

/** Registers the routes of offers and of their syncs. Paths are whole: register without a prefix. */
export async function registerOffers(app: FastifyInstance, ports: ApiPorts): Promise<void> {
  const routes = [
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
  for (const route of routes) await app.register(route(ports));
}
