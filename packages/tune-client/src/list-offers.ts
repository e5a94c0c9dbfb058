import { PageKeys } from '@trackly-tune/domain';
import { callNetwork, type CallCount, type Caller } from './call-network.js';
import { demandData } from './read-envelope.js';
import { readOffer } from './read-offer.js';
import { readPage, requireAtMost } from './read-page.js';
import type { NetworkOffer, OfferPage } from './types.js';

/** Refusals that may be about the contained model; the others say nothing about it. */
const MAY_BE_ABOUT_CONTAIN = ['permission_denied', 'tune_error'];

/**
 * One page of Offer::findAll with the advertisers' names, deleted and expired offers included (quirk 16). Where
 * `contain[]=Advertiser` is refused, the offers come without names, also from then on.
 */
export async function listOffers(
  caller: Caller,
  query: { page: number; limit: number; signal?: AbortSignal },
): Promise<OfferPage> {
  const { page, limit, signal } = query;
  const { learnt } = caller.door();
  const count: CallCount = { calls: 0 };
  const ask = (contain: boolean) => {
    const params = { limit, page, sort: { id: 'asc' }, ...(contain ? { contain: ['Advertiser'] } : {}) };
    return callNetwork(caller, { target: 'Offer', method: 'findAll', params, signal }, count);
  };
  let answer = await ask(!learnt.contain);
  if (answer.kind === 'refused' && !learnt.contain && MAY_BE_ABOUT_CONTAIN.includes(answer.error.code)) {
    answer = await ask(false);
    if (answer.kind === 'data') learnt.contain = true;
  }
  const found = readPage(demandData(answer));
  requireAtMost(found, limit);
  const offers: NetworkOffer[] = [];
  const keys = new PageKeys();
  for (const { key, value } of found.entries) {
    const offer = readOffer(value, key);
    if (offer) offers.push(offer);
    keys.add(offer?.externalId ?? null, () => JSON.stringify([key, value]));
  }
  return {
    offers,
    unreadable: found.entries.length - offers.length,
    keys: keys.all(),
    listed: found.listed,
    page,
    pageCount: found.pageCount,
    count: found.count,
    apiCalls: count.calls,
  };
}
