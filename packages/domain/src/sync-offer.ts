import { shownOfferName, type CatalogueOffer } from './catalogue-offer.js';
import { hasExpired } from './expiration.js';
import { OFFER_FIELDS, takeFields, type OfferField, type OfferFieldRules, type OfferState } from './offer-fields.js';
import { offerStatusOf } from './offer-status.js';

const FLAT_TYPES = new Set(['cpa_flat', 'cpc', 'cpm']);

/**
 * What an offer pays by default: `payout_type` says which of the two amounts counts, for TUNE keeps both (quirk 15).
 * Of an unknown type both are kept.
 */
function payoutOf(offer: CatalogueOffer): Pick<OfferState, 'payout' | 'payoutPercent'> {
  const type = offer.payoutType?.toLowerCase() ?? '';
  return {
    payout: type === 'cpa_percentage' ? null : offer.defaultPayout,
    payoutPercent: FLAT_TYPES.has(type) ? null : offer.percentPayout,
  };
}

/** What an integration adds to the words of its network. */
export interface TellingOptions {
  readonly namePrefix: string;
  readonly defaultCurrency: string;
  /** As of when an offer is over or not. */
  readonly now: Date;
}

/**
 * What the network says of an offer, in our words: with the integration's prefix and a currency that is named. Where it
 * says no name, the one that stood before stays.
 */
export function offerFromCatalogue(offer: CatalogueOffer, options: TellingOptions, nameBefore = ''): OfferState {
  const { namePrefix } = options;
  const keepsName = offer.name === null && nameBefore.trim() !== '' && nameBefore !== namePrefix;
  return {
    ...payoutOf(offer),
    name: keepsName ? nameBefore : `${namePrefix}${shownOfferName(offer)}`,
    trackingUrl: offer.offerUrl ?? '',
    currency: offer.currency ?? options.defaultCurrency,
    payoutType: offer.payoutType,
    advertiserId: offer.advertiserId,
    advertiserName: offer.advertiserName,
    status: offerStatusOf(offer.tuneStatus, hasExpired(offer, options.now)),
    tuneStatus: offer.tuneStatus,
    expiresAt: offer.expiresAt,
  };
}

/** A new offer. What the rules never take stays empty; an offer whose status is a person's to say begins paused. */
export function importedOffer(told: OfferState, rules: OfferFieldRules, externalId: string): OfferState {
  const empty: OfferState = {
    name: shownOfferName({ externalId, name: null }),
    trackingUrl: '',
    payout: null,
    payoutPercent: null,
    currency: told.currency,
    payoutType: null,
    advertiserId: null,
    advertiserName: null,
    status: 'paused',
    tuneStatus: told.tuneStatus,
    expiresAt: told.expiresAt,
  };
  return takeFields(
    empty,
    told,
    OFFER_FIELDS.filter((field) => rules[field] !== 'never'),
  );
}

export interface KeptOffer {
  readonly state: OfferState;
  readonly editedFields: readonly OfferField[];
  readonly vanished: boolean;
  readonly statusBeforeVanished: OfferState['status'] | null;
}

/**
 * An imported offer after a look at the network: fields with the rule `always` follow it, unless a person wrote them.
 * One that had vanished and is there again gets back the status that the sync took from it.
 */
export function refreshedOffer(offer: KeptOffer, told: OfferState, rules: OfferFieldRules): OfferState {
  const { state, editedFields, vanished, statusBeforeVanished } = offer;
  const followed = OFFER_FIELDS.filter((field) => rules[field] === 'always' && !editedFields.includes(field));
  const returned =
    vanished && statusBeforeVanished !== null && !editedFields.includes('status')
      ? { ...state, status: statusBeforeVanished }
      : state;
  return { ...takeFields(returned, told, followed), tuneStatus: told.tuneStatus, expiresAt: told.expiresAt };
}

/**
 * An offer that two complete catalogues in a row did not hold: paused, never deleted. A status that a person wrote or
 * that the rules never take stays, and so does one under which nothing is sent anyway.
 */
export function vanishedOffer(offer: KeptOffer, rules: OfferFieldRules): OfferState {
  const { state, editedFields } = offer;
  const ours = rules.status !== 'never' && !editedFields.includes('status') && state.status === 'active';
  return ours ? { ...state, status: 'paused' } : state;
}
