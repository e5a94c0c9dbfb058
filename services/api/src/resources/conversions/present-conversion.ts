import type { ConversionRow } from '@trackly-tune/database';
import { formatAmountE5, toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { plainCell, textCell, type CsvCell } from '../../http/write-csv.js';
import { money, time } from '../../http/schemas.js';

export const conversionAnswer = z
  .object({
    id: z.string(),
    integration_id: z.string(),
    account_id: z.string(),
    external_id: z.string().nullable(),
    ad_id: z.string().nullable(),
    goal_id: z.string().nullable(),
    external_offer_id: z.string(),
    offer_id: z.string().nullable(),
    status: z.enum(['approved', 'pending', 'rejected']),
    is_test: z.boolean(),
    is_adjustment: z.boolean(),
    payout: money.nullable(),
    currency: z.string(),
    day: z.string().meta({ format: 'date' }),
    converted_at: time,
    first_seen_at: time,
    attribution: z
      .object({
        method: z.enum(['click', 'message_id', 'none']),
        reason: z.string(),
        click_id: z.string().nullable(),
        message_id: z.string().nullable(),
        creative_id: z.string().nullable(),
        campaign_id: z.string().nullable(),
        decided_at: time.nullable(),
      })
      .meta({ id: 'Attribution' }),
    counting: z
      .string()
      .nullable()
      .meta({
        description:
          'Why it counts as it does: approved, pending, rejected or test; for a postback also ambiguous, amount_missing ' +
          'or superseded. Null while nothing is decided',
      }),
    sources: z.array(z.enum(['pull', 'postback'])),
    version: z.number().int(),
  })
  .meta({ id: 'Conversion' });

/** A conversion as callers see it. One that nothing is decided about yet belongs to nobody, and says so. */
export function presentConversion(row: ConversionRow): z.infer<typeof conversionAnswer> {
  return {
    id: toPublicId('conversion', row.id),
    integration_id: toPublicId('integration', row.integration_id),
    account_id: row.account_id,
    external_id: row.tune_event_id,
    ad_id: row.ad_id,
    goal_id: row.goal_id,
    external_offer_id: row.external_offer_id,
    offer_id: row.offer_id === null ? null : toPublicId('offer', row.offer_id),
    status: row.status,
    is_test: row.is_test,
    is_adjustment: row.is_adjustment,
    payout: row.payout_e5 === null ? null : formatAmountE5(row.payout_e5),
    currency: row.currency,
    day: row.day,
    converted_at: row.converted_at.toISOString(),
    first_seen_at: row.first_seen_at.toISOString(),
    attribution: {
      method: row.method ?? 'none',
      reason: row.reason ?? 'not_decided_yet',
      click_id: row.click_id,
      message_id: row.message_id,
      creative_id: row.creative_id,
      campaign_id: row.campaign_id,
      decided_at: row.decided_at?.toISOString() ?? null,
    },
    counting: row.counting,
    sources: row.tune_event_id === null ? ['postback'] : row.claims_id === null ? ['pull'] : ['pull', 'postback'],
    version: row.version,
  };
}

type Shown = z.infer<typeof conversionAnswer>;

const cell = (value: string | number | boolean | null): CsvCell =>
  typeof value === 'string' || value === null ? textCell(value) : plainCell(String(value));

/** The columns of an export, each with how it is read from a conversion. */
const COLUMNS: readonly (readonly [name: string, read: (shown: Shown) => CsvCell])[] = [
  ...(
    [
      'id',
      'integration_id',
      'account_id',
      'external_id',
      'ad_id',
      'goal_id',
      'external_offer_id',
      'offer_id',
      'status',
      'is_test',
      'is_adjustment',
    ] as const
  ).map((name) => [name, (shown: Shown) => cell(shown[name])] as const),
  ['payout', ({ payout }) => (payout === null ? textCell(null) : plainCell(payout))],
  ...(['currency', 'day', 'converted_at', 'first_seen_at'] as const).map(
    (name) => [name, (shown: Shown) => cell(shown[name])] as const,
  ),
  ...(['method', 'reason', 'click_id', 'message_id', 'creative_id', 'campaign_id', 'decided_at'] as const).map(
    (name) => [`attribution_${name}`, (shown: Shown) => cell(shown.attribution[name])] as const,
  ),
  ['counting', (shown) => cell(shown.counting)],
  ['sources', (shown) => textCell(shown.sources.join(' '))],
  ['version', (shown) => plainCell(shown.version)],
];

export const CONVERSION_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/** A line of an export, in the order of `CONVERSION_COLUMNS`. */
export function conversionCells(row: ConversionRow): CsvCell[] {
  const shown = presentConversion(row);
  return COLUMNS.map(([, read]) => read(shown));
}
