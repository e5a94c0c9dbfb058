import {
  differingFields,
  offerFromCatalogue,
  OFFER_FIELDS,
  parseAmountE5,
  takeFields,
  type CatalogueOffer,
  type OfferField,
  type OfferFieldRules,
  type OfferState,
  type OfferStatus,
  type RecordedOffer,
  type TellingOptions,
} from '@trackly-tune/domain';

/** What a person may write; undefined: not asked for. */
export interface OfferWish {
  readonly name?: string | undefined;
  readonly tracking_url?: string | undefined;
  readonly payout?: string | null | undefined;
  readonly payout_percent?: string | null | undefined;
  readonly payout_type?: string | null | undefined;
  readonly currency?: string | undefined;
  readonly advertiser_id?: string | null | undefined;
  readonly advertiser_name?: string | null | undefined;
  readonly status?: OfferStatus | undefined;
  readonly click_window_days?: number | null | undefined;
}

const amountOf = (text: string | null): bigint | null => (text === null ? null : parseAmountE5(text));

/** An offer with what a person wrote over it. */
export function withWish(state: RecordedOffer, wish: OfferWish): RecordedOffer {
  return {
    name: wish.name ?? state.name,
    trackingUrl: wish.tracking_url ?? state.trackingUrl,
    payout: wish.payout === undefined ? state.payout : amountOf(wish.payout),
    payoutPercent: wish.payout_percent === undefined ? state.payoutPercent : amountOf(wish.payout_percent),
    payoutType: wish.payout_type === undefined ? state.payoutType : wish.payout_type,
    currency: wish.currency ?? state.currency,
    advertiserId: wish.advertiser_id === undefined ? state.advertiserId : wish.advertiser_id,
    advertiserName: wish.advertiser_name === undefined ? state.advertiserName : wish.advertiser_name,
    status: wish.status ?? state.status,
    tuneStatus: state.tuneStatus,
    expiresAt: state.expiresAt,
    clickWindowDays: wish.click_window_days === undefined ? state.clickWindowDays : wish.click_window_days,
  };
}

/** A status comes with the network's words that it follows from. */
function takeBack(state: RecordedOffer, told: OfferState, taken: readonly OfferField[]): RecordedOffer {
  const given = { ...state, ...takeFields(state, told, taken) };
  return taken.includes('status') ? { ...given, tuneStatus: told.tuneStatus, expiresAt: told.expiresAt } : given;
}

export interface EditedOffer {
  readonly state: RecordedOffer;
  readonly editedFields: readonly OfferField[];
  readonly vanished: boolean;
}

/**
 * What a person's edit makes of an offer. A field that really changes is the person's from now on; so is a status
 * given for an offer that vanished, and a tracking URL, which is then the template of its links. A field in `reset`
 * goes back to the sync and takes what the catalogue says, unless the rules never take it.
 */
export function planOfferEdit(
  offer: EditedOffer,
  wish: OfferWish,
  reset: {
    fields: readonly OfferField[];
    told: CatalogueOffer | null;
    settings: TellingOptions & { rules: OfferFieldRules };
  },
): { state: RecordedOffer; editedFields: OfferField[] } {
  const { told, settings } = reset;
  const taken = reset.fields.filter((field) => settings.rules[field] !== 'never');
  const given = told === null ? offer.state : takeBack(offer.state, offerFromCatalogue(told, settings), taken);
  const state = withWish(given, wish);
  const written = new Set(differingFields(given, state));
  if (wish.status !== undefined && offer.vanished) written.add('status');
  if (wish.tracking_url !== undefined) written.add('tracking_url');
  const kept = offer.editedFields.filter((field) => !reset.fields.includes(field));
  return { state, editedFields: OFFER_FIELDS.filter((field) => kept.includes(field) || written.has(field)) };
}
