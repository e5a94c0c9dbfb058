import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../../ports.js';
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
