import type { ParkedTransactionRow } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { codedMessage, time } from '../../http/schemas.js';

export const parkedTransactionAnswer = z
  .object({
    id: z.string(),
    account_id: z.string(),
    integration_id: z.string(),
    transaction_id: z.string().nullable().meta({
      description: "TUNE's transaction id (`ad_id`); null for a conversion that has none",
    }),
    conversion_ids: z.array(z.string()).meta({ description: 'At most 20' }),
    stage: z.enum(['settling', 'numbering']).meta({
      description:
        '`settling`: it cannot be decided. `numbering`: it is decided, but the entries of its integration cannot get ' +
        'their numbers, so the feed and the sums do not show them yet',
    }),
    failures: z.number().int().meta({ description: 'How often it was tried in vain' }),
    since: time,
    last_tried_at: time,
    next_try_at: time,
    error: codedMessage,
  })
  .meta({ id: 'ParkedTransaction' });

const MESSAGES = {
  settling: 'This transaction could not be settled. It is tried again by itself; what is booked for it stays as it is',
  numbering:
    "The changes of this integration's books could not be numbered. They are tried again by themselves and come later",
} as const;

/** A transaction that is on the books later than it should. */
export function presentParkedTransaction(row: ParkedTransactionRow): z.infer<typeof parkedTransactionAnswer> {
  return {
    id: toPublicId('transaction', row.id),
    account_id: row.account_id,
    integration_id: toPublicId('integration', row.integration_id),
    transaction_id: row.ad_id,
    conversion_ids: row.conversion_ids.map((id) => toPublicId('conversion', BigInt(id))),
    stage: row.stage,
    failures: row.failures,
    since: row.since.toISOString(),
    last_tried_at: row.tried_at.toISOString(),
    next_try_at: row.not_before.toISOString(),
    error: { code: row.error_code, message: MESSAGES[row.stage] },
  };
}
