import type { RevenueGrouping, RevenueRow } from '@trackly-tune/database';
import { formatAmountE5, toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { plainCell, textCell, type CsvCell } from '../../http/write-csv.js';
import { money } from '../../http/schemas.js';

export const revenueRowAnswer = z
  .object({
    key: z.string().nullable(),
    keys: z
      .record(z.string(), z.string().nullable())
      .optional()
      .meta({ description: 'With two groupings: the key of each by its name; `key` is that of the first' }),
    external_offer_id: z.string().optional(),
    integration_id: z.string().optional(),
    currency: z.string(),
    conversions: z.number().int(),
    revenue: money,
    unconfirmed_revenue: money,
    pending_revenue: money,
  })
  .meta({ id: 'RevenueRow' });

function presentKey(groupBy: RevenueGrouping, key: string | null): string | null {
  if (key === null) return null;
  if (groupBy === 'offer' || groupBy === 'integration') return toPublicId(groupBy, BigInt(key));
  return key;
}

/** The keys of a row in the order of the groupings. */
function keysOf(groupBy: readonly RevenueGrouping[], row: RevenueRow): (string | null)[] {
  const values = [row.key, row.secondKey];
  return groupBy.map((grouping, index) => presentKey(grouping, values[index] ?? null));
}

/** A sum of the books. Rows of offers also say by what the network knows them, and whose network it is. */
export function presentRevenueRow(
  groupBy: readonly RevenueGrouping[],
  row: RevenueRow,
): z.infer<typeof revenueRowAnswer> {
  const keys = keysOf(groupBy, row);
  return {
    key: keys[0] ?? null,
    ...(groupBy.length === 1
      ? {}
      : { keys: Object.fromEntries(groupBy.map((grouping, index) => [grouping, keys[index] ?? null])) }),
    ...(row.externalOfferId === null ? {} : { external_offer_id: row.externalOfferId }),
    ...(row.integrationId === null ? {} : { integration_id: toPublicId('integration', row.integrationId) }),
    currency: row.currency,
    conversions: Number(row.conversions),
    revenue: formatAmountE5(row.revenue),
    unconfirmed_revenue: formatAmountE5(row.unconfirmed),
    pending_revenue: formatAmountE5(row.pending),
  };
}

/** The columns of an export: the keys by the names of their groupings, then what every row has. */
export function revenueColumns(groupBy: readonly RevenueGrouping[]): string[] {
  return [
    ...groupBy,
    ...(groupBy.includes('offer') ? ['external_offer_id', 'offer_integration_id'] : []),
    'currency',
    'conversions',
    'revenue',
    'unconfirmed_revenue',
    'pending_revenue',
  ];
}

/** A row of an export, in the order of `revenueColumns`. */
export function revenueCells(groupBy: readonly RevenueGrouping[], row: RevenueRow): CsvCell[] {
  const shown = presentRevenueRow(groupBy, row);
  return [
    ...keysOf(groupBy, row).map(textCell),
    ...(groupBy.includes('offer')
      ? [textCell(shown.external_offer_id ?? null), textCell(shown.integration_id ?? null)]
      : []),
    textCell(shown.currency),
    plainCell(shown.conversions),
    plainCell(shown.revenue),
    plainCell(shown.unconfirmed_revenue),
    plainCell(shown.pending_revenue),
  ];
}
