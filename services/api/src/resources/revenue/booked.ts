import { formatAmountE5 } from '@trackly-tune/domain';
import { z } from 'zod';
import { money } from '../../http/schemas.js';

/** What an entry of the ledger books, and where: the same in a trail and in the feed. */
export const bookedShape = {
  external_offer_id: z.string(),
  day: z.string().meta({ format: 'date' }),
  currency: z.string(),
  revenue: money,
  unconfirmed_revenue: money,
  pending_revenue: money,
  conversions: z.number().int(),
};

interface BookedRow {
  readonly external_offer_id: string;
  readonly day: string;
  readonly currency: string;
  readonly revenue_e5: bigint;
  readonly unconfirmed_e5: bigint;
  readonly pending_e5: bigint;
  readonly conversions: number;
}

export function presentBooked(row: BookedRow) {
  return {
    external_offer_id: row.external_offer_id,
    day: row.day,
    currency: row.currency,
    revenue: formatAmountE5(row.revenue_e5),
    unconfirmed_revenue: formatAmountE5(row.unconfirmed_e5),
    pending_revenue: formatAmountE5(row.pending_e5),
    conversions: row.conversions,
  };
}
