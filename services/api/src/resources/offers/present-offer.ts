import type { AvailableOfferRow, OfferChangeRow, OfferRow, PayoutMismatch } from '@trackly-tune/database';
import { formatAmountE5, OFFER_FIELDS, offerStatusOf, shownOfferName, toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { money, time } from '../../http/schemas.js';

export const offerStatus = z.enum(['active', 'paused', 'expired', 'archived']).meta({ id: 'OfferStatus' });

export const offerField = z.enum(OFFER_FIELDS).meta({ id: 'OfferField' });

export const offerAnswer = z
  .object({
    id: z.string(),
    integration_id: z.string(),
    account_id: z.string(),
    external_id: z.string().nullable(),
    name: z.string(),
    tracking_url: z.string(),
    payout: money.nullable(),
    payout_percent: money.nullable(),
    payout_type: z.string().nullable(),
    currency: z.string().nullable(),
    advertiser_id: z.string().nullable(),
    advertiser_name: z.string().nullable(),
    status: offerStatus,
    tune_status: z.string().nullable(),
    expires_at: time.nullable().meta({ description: 'When the network ends it; null: never, as far as it says' }),
    click_window_days: z.number().int().nullable(),
    made_by_hand: z.boolean(),
    edited_fields: z.array(offerField),
    vanished_at: time.nullable(),
    last_synced_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Offer' });

const mismatchAnswer = z
  .object({
    conversions: z.number().int(),
    amounts: z.array(z.object({ payout: money, currency: z.string(), conversions: z.number().int() })),
    since: time,
  })
  .meta({ id: 'PayoutMismatch' });

export const offerDetail = offerAnswer
  .extend({ payout_mismatch: mismatchAnswer.nullable() })
  .meta({ id: 'OfferDetail' });

const amount = (units: bigint | null): string | null => (units === null ? null : formatAmountE5(units));

export function presentOffer(row: OfferRow): z.infer<typeof offerAnswer> {
  return {
    id: toPublicId('offer', row.id),
    integration_id: toPublicId('integration', row.integration_id),
    account_id: row.account_id,
    external_id: row.external_id,
    name: row.name,
    tracking_url: row.tracking_url,
    payout: amount(row.payout_e5),
    payout_percent: amount(row.payout_percent_e5),
    payout_type: row.payout_type,
    currency: row.currency,
    advertiser_id: row.advertiser_id,
    advertiser_name: row.advertiser_name,
    status: row.status,
    tune_status: row.tune_status,
    expires_at: row.expires_at?.toISOString() ?? null,
    click_window_days: row.click_window_days,
    made_by_hand: row.made_by_hand,
    edited_fields: row.edited_fields,
    vanished_at: row.vanished_at?.toISOString() ?? null,
    last_synced_at: row.last_synced_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

export function presentOfferDetail(row: OfferRow, mismatch: PayoutMismatch | null): z.infer<typeof offerDetail> {
  return {
    ...presentOffer(row),
    payout_mismatch: mismatch && {
      conversions: mismatch.conversions,
      amounts: mismatch.amounts.map(({ payoutE5, ...rest }) => ({ payout: formatAmountE5(payoutE5), ...rest })),
      since: mismatch.since.toISOString(),
    },
  };
}

export const availableOfferAnswer = z
  .object({
    external_id: z.string(),
    name: z.string(),
    status: offerStatus,
    tune_status: z.string(),
    expires_at: time.nullable(),
    tracking_url: z.string().nullable(),
    payout: money.nullable(),
    payout_percent: money.nullable(),
    payout_type: z.string().nullable(),
    currency: z.string(),
    advertiser_id: z.string().nullable(),
    advertiser_name: z.string().nullable(),
    imported: z.boolean(),
    offer_id: z.string().nullable(),
    changed_at: time,
  })
  .meta({ id: 'AvailableOffer' });

/** An offer of the catalogue in TUNE's own words: no prefix, both amounts as TUNE keeps them. */
export function presentAvailableOffer(row: AvailableOfferRow): z.infer<typeof availableOfferAnswer> {
  return {
    external_id: row.external_id,
    name: shownOfferName({ externalId: row.external_id, name: row.name === '' ? null : row.name }),
    status: offerStatusOf(row.tune_status, row.is_over),
    tune_status: row.tune_status,
    expires_at: row.expires_at?.toISOString() ?? null,
    tracking_url: row.offer_url,
    payout: amount(row.default_payout_e5),
    payout_percent: amount(row.percent_payout_e5),
    payout_type: row.payout_type,
    currency: row.currency,
    advertiser_id: row.advertiser_id,
    advertiser_name: row.advertiser_name,
    imported: row.offer_id !== null,
    offer_id: row.offer_id === null ? null : toPublicId('offer', row.offer_id),
    changed_at: row.changed_at.toISOString(),
  };
}

const changed = z.union([z.string(), z.number(), z.null()]);

export const offerChangeAnswer = z
  .object({
    at: time,
    cause: z.enum(['created', 'import', 'auto_import', 'sync', 'vanished', 'returned', 'edit', 'expired']),
    run_id: z.string().nullable(),
    changed_by: z
      .string()
      .nullable()
      .meta({ description: 'The name of the API key that changed it by hand; null where a run did' }),
    changes: z.record(z.string(), z.object({ before: changed, after: changed })),
  })
  .meta({ id: 'OfferChange' });

export function presentOfferChange(row: OfferChangeRow): z.infer<typeof offerChangeAnswer> {
  return {
    at: row.at.toISOString(),
    cause: row.cause,
    run_id: row.run_id === null ? null : toPublicId('run', row.run_id),
    changed_by: row.changed_by,
    changes: row.changes,
  };
}
