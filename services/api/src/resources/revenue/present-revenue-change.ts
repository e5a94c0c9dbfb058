import type { RevenueChange } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { time } from '../../http/schemas.js';
import { bookedShape, presentBooked } from './booked.js';

export const revenueChangeAnswer = z
  .object({
    seq: z.number().int().meta({ description: 'Also a valid `after`' }),
    at: time,
    conversion_id: z.string(),
    integration_id: z.string(),
    message_id: z.string().nullable(),
    creative_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    offer_id: z.string().nullable(),
    ...bookedShape,
    cause: z.string(),
  })
  .meta({ id: 'RevenueChange' });

/** A signed change of the books as the platform's feed shows it. */
export function presentRevenueChange(row: RevenueChange): z.infer<typeof revenueChangeAnswer> {
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    conversion_id: toPublicId('conversion', row.conversion_id),
    integration_id: toPublicId('integration', row.integration_id),
    message_id: row.message_id,
    creative_id: row.creative_id,
    campaign_id: row.campaign_id,
    offer_id: row.offer_id === null ? null : toPublicId('offer', row.offer_id),
    ...presentBooked(row),
    cause: row.cause,
  };
}
