import type { ClickRow, ConversionRow, MessageRow } from '@trackly-tune/database';
import { z } from 'zod';
import { time } from '../../http/schemas.js';
import { conversionAnswer, presentConversion } from '../conversions/present-conversion.js';

/** At most so many conversions stand beside a record; the list with the record's id has them all. */
export const CONVERSIONS_MAX = 100;

const source = z.enum(['sent']).meta({ description: 'How it is known: the platform sent it' });
const conversions = z.array(conversionAnswer).meta({
  description: `The conversions that found it, the first ${CONVERSIONS_MAX}; the list of conversions has all`,
});

export const messageAnswer = z
  .object({
    account_id: z.string(),
    message_id: z.string(),
    creative_id: z.string().nullable(),
    offer_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    contact_id: z.string().nullable(),
    contact_erased_at: time.nullable(),
    sent_at: time,
    received_at: time,
    source,
    conversions,
  })
  .meta({ id: 'SentMessage' });

export const clickAnswer = z
  .object({
    account_id: z.string(),
    click_id: z.string(),
    message_id: z.string(),
    offer_id: z.string().nullable(),
    clicked_at: time,
    is_bot: z.boolean(),
    received_at: time,
    source,
    conversions,
  })
  .meta({ id: 'SentClick' });

/** A message with the conversions that it earned. */
export function presentMessage(row: MessageRow, found: readonly ConversionRow[]): z.infer<typeof messageAnswer> {
  return {
    account_id: row.account_id,
    message_id: row.message_id,
    creative_id: row.creative_id,
    offer_id: row.offer_id,
    campaign_id: row.campaign_id,
    contact_id: row.contact_id,
    contact_erased_at: row.contact_erased_at?.toISOString() ?? null,
    sent_at: row.sent_at.toISOString(),
    received_at: row.received_at.toISOString(),
    source: 'sent',
    conversions: found.map(presentConversion),
  };
}

/** A click with the conversions that it was found for. */
export function presentClick(row: ClickRow, found: readonly ConversionRow[]): z.infer<typeof clickAnswer> {
  return {
    account_id: row.account_id,
    click_id: row.click_id,
    message_id: row.message_id,
    offer_id: row.offer_id,
    clicked_at: row.clicked_at.toISOString(),
    is_bot: row.is_bot,
    received_at: row.received_at.toISOString(),
    source: 'sent',
    conversions: found.map(presentConversion),
  };
}
