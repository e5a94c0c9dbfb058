import {
  differingFields,
  offerFromCatalogue,
  refreshedOffer,
  vanishedOffer,
  type CatalogueOffer,
  type KeptOffer,
  type OfferFieldRules,
  type OfferStatus,
  type RecordedOffer,
  type TellingOptions,
} from '@trackly-tune/domain';

export interface RefreshSettings extends TellingOptions {
  readonly rules: OfferFieldRules;
}

export interface OfferBesideCatalogue extends KeptOffer {
  readonly state: RecordedOffer;
  readonly told: CatalogueOffer | null;
  readonly missedCatalogues: number;
}

export interface PlannedRefresh {
  readonly after: RecordedOffer;
  readonly cause: 'sync' | 'vanished' | 'returned';
  readonly vanished: boolean;
  readonly statusBeforeVanished: OfferStatus | null;
}

/** Missing from so many complete catalogues in a row, an offer is gone: one miss may be a page that moved. */
const GONE_AFTER = 2;

const isSame = (state: RecordedOffer, after: RecordedOffer): boolean =>
  differingFields(state, after).length === 0 &&
  state.tuneStatus === after.tuneStatus &&
  state.expiresAt?.getTime() === after.expiresAt?.getTime();

/**
 * What a look at the catalogue makes of an imported offer; null when nothing changes. An offer that the catalogue
 * never held was made by hand and is left alone.
 */
export function planRefresh(offer: OfferBesideCatalogue, settings: RefreshSettings): PlannedRefresh | null {
  const { told, state, vanished } = offer;
  if (told === null) return null;
  if (offer.missedCatalogues >= GONE_AFTER) {
    if (vanished) return null;
    const after = { ...state, ...vanishedOffer(offer, settings.rules) };
    const statusBeforeVanished = after.status === state.status ? null : state.status;
    return { after, cause: 'vanished', vanished: true, statusBeforeVanished };
  }
  // Missed once: not seen, so there is nothing to follow.
  if (offer.missedCatalogues > 0) return null;
  const after = { ...state, ...refreshedOffer(offer, offerFromCatalogue(told, settings, state.name), settings.rules) };
  if (vanished) return { after, cause: 'returned', vanished: false, statusBeforeVanished: null };
  return isSame(state, after) ? null : { after, cause: 'sync', vanished: false, statusBeforeVanished: null };
}
