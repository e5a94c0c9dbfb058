import { isKnownCurrency, OFFER_FIELDS, parseAmountE5, templateProblem } from '@trackly-tune/domain';
import { z } from 'zod';
import { offerStatus } from './present-offer.js';
import { ownId, platformId, storableString, wholeNumber } from '../../http/schemas.js';

const amount = z
  .string()
  .max(32)
  .refine(
    (text) => (parseAmountE5(text) ?? -1n) >= 0n,
    'must be a decimal below 1,000,000,000,000 with at most five places, not negative',
  );

/** A tracking URL that a person writes is the template of links, so it must be able to become one. */
const trackingUrl = storableString(4_000).superRefine((text, context) => {
  const problem = templateProblem(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const fields = {
  name: storableString(500).refine((text) => text.trim() !== '', 'must not be blank'),
  tracking_url: trackingUrl,
  payout: amount.nullable(),
  payout_percent: amount.nullable(),
  payout_type: storableString(50).nullable(),
  currency: z.string().refine(isKnownCurrency, 'must be an ISO 4217 code, e.g. USD'),
  advertiser_id: storableString(128).nullable(),
  advertiser_name: storableString(500).nullable(),
  status: offerStatus,
  click_window_days: wholeNumber(1, 3_650).nullable(),
};

/** Ids in the network are digits; whatever else one gives is kept as it is. */
export const externalId = platformId;

export const offerBody = z
  .strictObject({
    integration_id: ownId,
    external_id: externalId.nullable().optional(),
    name: fields.name,
    tracking_url: fields.tracking_url,
    payout: fields.payout.optional(),
    payout_percent: fields.payout_percent.optional(),
    payout_type: fields.payout_type.optional(),
    currency: fields.currency.optional(),
    advertiser_id: fields.advertiser_id.optional(),
    advertiser_name: fields.advertiser_name.optional(),
    status: fields.status.default('active'),
    click_window_days: fields.click_window_days.optional(),
  })
  .meta({ id: 'NewOffer' });

export const offerPatch = z
  .strictObject({
    name: fields.name.optional(),
    tracking_url: fields.tracking_url.optional(),
    payout: fields.payout.optional(),
    payout_percent: fields.payout_percent.optional(),
    payout_type: fields.payout_type.optional(),
    currency: fields.currency.optional(),
    advertiser_id: fields.advertiser_id.optional(),
    advertiser_name: fields.advertiser_name.optional(),
    status: fields.status.optional(),
    click_window_days: fields.click_window_days.optional(),
    reset_fields: z
      .array(z.enum(OFFER_FIELDS))
      .max(OFFER_FIELDS.length)
      .optional()
      .meta({ description: 'Fields to be given back to the sync; they take what the network says at once' }),
  })
  .meta({ id: 'OfferEdit' });

export type OfferPatch = z.infer<typeof offerPatch>;

export const offerSyncBody = z
  .strictObject({
    accept_empty: z
      .boolean()
      .default(false)
      .meta({
        description:
          'A person says that a catalogue without a single offer is right: then its offers are gone at once. Without it ' +
          'such a catalogue fails the run with `catalogue_empty` and changes nothing',
      }),
  })
  .meta({ id: 'OfferSyncWish' });

export const clickId = platformId;
