import type { AmountE5 } from './money.js';
import type { OfferStatus } from './offer-status.js';

/** What of an offer follows the network (product-rules.md, "What syncs for an offer"). `payout` covers percent and currency. */
export const OFFER_FIELDS = ['name', 'tracking_url', 'payout', 'payout_type', 'advertiser', 'status'] as const;
export type OfferField = (typeof OFFER_FIELDS)[number];

/**
 * `first`: taken from the network when the offer is imported, and left alone afterwards. `always`: follows the network.
 * `never`: not taken at all.
 */
export const OFFER_FIELD_RULES = ['first', 'always', 'never'] as const;
export type OfferFieldRule = (typeof OFFER_FIELD_RULES)[number];

export type OfferFieldRules = Readonly<Record<OfferField, OfferFieldRule>>;

export const DEFAULT_OFFER_FIELD_RULES: OfferFieldRules = {
  name: 'always',
  tracking_url: 'always',
  payout: 'always',
  payout_type: 'always',
  advertiser: 'always',
  status: 'always',
};

/** An integration's own rules over the defaults. What is neither a field nor a rule is passed over. */
export function offerFieldRules(own: Readonly<Record<string, unknown>>): OfferFieldRules {
  const rules: Record<OfferField, OfferFieldRule> = { ...DEFAULT_OFFER_FIELD_RULES };
  for (const field of OFFER_FIELDS) {
    const rule = OFFER_FIELD_RULES.find((known) => known === own[field]);
    if (rule !== undefined) rules[field] = rule;
  }
  return rules;
}

/** What an offer says of itself; `tuneStatus` and `expiresAt` are the network's own words, whatever the rules are. */
export interface OfferState {
  readonly name: string;
  readonly trackingUrl: string;
  readonly payout: AmountE5 | null;
  /** Percent of the sale in units of 1/100,000 percent. */
  readonly payoutPercent: AmountE5 | null;
  readonly currency: string | null;
  readonly payoutType: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
  readonly status: OfferStatus;
  readonly tuneStatus: string | null;
  readonly expiresAt: Date | null;
}

/** The parts of an offer's state that each field stands for. */
export const STATE_OF_FIELD: Readonly<Record<OfferField, readonly (keyof OfferState)[]>> = {
  name: ['name'],
  tracking_url: ['trackingUrl'],
  payout: ['payout', 'payoutPercent', 'currency'],
  payout_type: ['payoutType'],
  advertiser: ['advertiserId', 'advertiserName'],
  status: ['status'],
};

/** The fields in which two states differ, in the order of OFFER_FIELDS. */
export function differingFields(before: OfferState, after: OfferState): OfferField[] {
  return OFFER_FIELDS.filter((field) => STATE_OF_FIELD[field].some((part) => before[part] !== after[part]));
}

/** A state with some fields taken from another one. */
export function takeFields(state: OfferState, from: OfferState, fields: readonly OfferField[]): OfferState {
  const parts = fields.flatMap((field) => STATE_OF_FIELD[field].map((part) => [part, from[part]]));
  return { ...state, ...(Object.fromEntries(parts) as Partial<OfferState>) };
}
