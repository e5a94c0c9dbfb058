import type { PostbackRow } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { time } from '../../http/schemas.js';

export const postbackAnswer = z
  .object({
    id: z.string().meta({ description: 'Also a valid `after`' }),
    offer_id: z.string(),
    received_at: time,
    status: z.enum(['accepted', 'refused']),
    code: z.string().nullable().meta({ description: 'Why it was refused' }),
    reason: z.string().nullable(),
    said: z
      .unknown()
      .meta({ description: 'What was read from it; for a refused one its parameters, without the secret' }),
    currency: z.string().nullable(),
    state: z
      .enum(['waiting', 'counted', 'claimed', 'ambiguous', 'amount_missing', 'superseded', 'rejected'])
      .nullable()
      .meta({ description: 'What became of its record; null for a refused one' }),
    unconfirmed: z.boolean().meta({ description: 'No pulled conversion claimed it within `postback_confirm_days`' }),
    conversion_id: z.string().nullable().meta({ description: 'The conversion that it belongs to' }),
  })
  .meta({ id: 'Postback' });

type State = z.infer<typeof postbackAnswer>['state'];

function stateOf(row: PostbackRow): State {
  if (row.refused_code !== null) return null;
  switch (row.counting) {
    case null:
      return 'waiting';
    case 'approved':
    case 'pending':
    case 'test':
      return 'counted';
    default:
      return row.counting;
  }
}

/** A delivery of the inbound log. */
export function presentPostback(row: PostbackRow): z.infer<typeof postbackAnswer> {
  const conversionId = row.claimed_by_id ?? row.conversion_id;
  return {
    id: row.id.toString(),
    offer_id: toPublicId('offer', row.offer_id),
    received_at: row.received_at.toISOString(),
    status: row.refused_code === null ? 'accepted' : 'refused',
    code: row.refused_code,
    reason: row.refused_reason,
    said: row.said,
    currency: row.refused_code === null ? row.currency : null,
    state: stateOf(row),
    unconfirmed: row.unconfirmed,
    conversion_id: conversionId === null ? null : toPublicId('conversion', conversionId),
  };
}
