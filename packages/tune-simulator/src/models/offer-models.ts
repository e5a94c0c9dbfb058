import { parseTime } from '../local-clock.js';
import type { NetworkSettings, OfferSpec } from '../network-spec.js';
import { mix32 } from '../random.js';
import type { Contain } from './list-models.js';
import type { Model } from './model-filters.js';

const NO_DATE = '0000-00-00 00:00:00';

/** TUNE leaves the status of an offer that is over; only `is_expired` says so (tune-api.md, section 4.3). `now`: local seconds. */
function expirationOf(offer: OfferSpec, now: number): Model {
  const isOver = offer.status === 'expired';
  const date = offer.expirationDate === undefined ? (isOver ? '2020-01-01 04:00:00' : NO_DATE) : offer.expirationDate;
  const end = parseTime(date ?? '');
  const hasCome = isOver || (end !== null && end <= now);
  return {
    expiration_date: date,
    is_expired: offer.isExpired === undefined ? (hasCome ? '1' : '0') : offer.isExpired,
  };
}

/** An offer as the network API shows it (tune-api.md, section 4.2): texts, with the odd number and null among them. */
function offerModel(offer: OfferSpec, seed: number, now: number): Model {
  const number = Number(offer.id);
  return {
    id: offer.id,
    display_advertiser: '0',
    advertiser_id: offer.advertiserId ?? (number % 2 === 0 ? null : '0'),
    name: offer.name,
    description: `<p>Made for <b>testing</b></p>\r\n\r\nOffer ${offer.id}`,
    require_approval: '0',
    require_terms_and_conditions: 0,
    terms_and_conditions: null,
    preview_url: offer.previewUrl ?? `https://shop.example/${offer.id}`,
    offer_url: offer.offerUrl ?? `https://shop.example/${offer.id}/buy?tid={transaction_id}&aff={affiliate_id}`,
    currency: offer.currency ?? null,
    default_payout: offer.defaultPayout ?? (offer.payoutType === 'cpa_percentage' ? '0.00000' : '1.00000'),
    max_payout: '0.00000',
    protocol: 'server',
    status: offer.status ?? 'active',
    ...expirationOf(offer, now),
    is_private: '0',
    payout_type: offer.payoutType ?? 'cpa_flat',
    percent_payout: offer.percentPayout ?? null,
    revenue_type: 'cpa_flat',
    max_percent_payout: null,
    tiered_payout: '0',
    use_payout_groups: '0',
    has_goals_enabled: (offer.goals ?? []).length > 0 ? '1' : '0',
    default_goal_name: '',
    session_hours: '672',
    allow_multiple_conversions: (offer.goals ?? []).length > 0 ? '1' : '0',
    modified: number % 5 === 0 ? -62169966000 : 1_600_000_000 + (mix32(seed, number) % 100_000_000),
    dne_download_url: null,
    dne_third_party_list: false,
    ref_id: null,
  };
}

/** `now`: the network's clock, in local seconds. */
export function offerModels(settings: NetworkSettings, now: number): Model[] {
  return settings.offers.map((offer) => offerModel(offer, settings.seed, now));
}

export function advertiserModels(settings: NetworkSettings): Model[] {
  return settings.advertisers.map(({ id, company }) => ({ id, company, status: 'active', ref_id: '' }));
}

export function affiliateModels(settings: NetworkSettings): Model[] {
  return settings.affiliates.map(({ id, company, status }) => ({
    id,
    company: company ?? `Affiliate ${id}`,
    status: status ?? 'active',
    account_manager_id: '0',
    country: 'US',
    date_added: '2020-01-08 01:33:43',
    modified: 1_600_158_239,
    ref_id: null,
  }));
}

function goalModels(offer: OfferSpec | undefined): [string, Model][] {
  return (offer?.goals ?? []).map((goal) => [
    goal.id,
    { id: goal.id, offer_id: offer?.id, name: goal.name, status: 'active', default_payout: goal.payout, ref_id: null },
  ]);
}

/** What an offer contains: its advertiser (one), its goals (a map by id); anything else is empty. */
export function containOfOffer(settings: NetworkSettings): Contain {
  const advertisers = new Map(advertiserModels(settings).map((model) => [model['id'], model]));
  const offers = new Map(settings.offers.map((offer) => [offer.id, offer]));
  return (model, name) => {
    if (name === 'Advertiser') return advertisers.get(model['advertiser_id']) ?? [];
    if (name !== 'Goal') return [];
    const goals = goalModels(offers.get(String(model['id'])));
    return goals.length === 0 ? [] : Object.fromEntries(goals);
  };
}
