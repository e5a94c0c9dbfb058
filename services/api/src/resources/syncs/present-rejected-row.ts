import type { RejectedRow } from '@trackly-tune/database';
import { fieldOfReason, toPublicId, UNREADABLE_REASONS } from '@trackly-tune/domain';
import { z } from 'zod';
import { time } from '../../http/schemas.js';

export const rejectedRowAnswer = z
  .object({
    at: time.meta({ description: 'When the run asked for the page that held the row' }),
    run_id: z
      .string()
      .nullable()
      .meta({ description: 'The run asked for by `run_id`; without it the first run that saw the row' }),
    external_id: z.string().nullable().meta({ description: "TUNE's id of the conversion, where the row has one" }),
    reason: z.enum(UNREADABLE_REASONS).meta({ description: 'What to do about each stands in the error reference' }),
    field: z.string().nullable().meta({ description: 'The field of the report that made the row unreadable' }),
    value: z.string().nullable().meta({ description: 'What stood in it; null where it was empty or not sent' }),
    row: z
      .record(z.string(), z.string().nullable())
      .meta({ description: 'The row as TUNE sent it; a token that TUNE put into it is masked' }),
    read_at: time.nullable().meta({
      description: 'When it could be read after all, under later rules or settings; null while it cannot',
    }),
  })
  .meta({ id: 'RejectedRow' });

/** A row of a report that could not be read, as callers see it. */
export function presentRejectedRow(row: RejectedRow): z.infer<typeof rejectedRowAnswer> {
  const field = row.field ?? fieldOfReason(row.reason);
  return {
    at: row.at.toISOString(),
    run_id: row.run_id === null ? null : toPublicId('run', row.run_id),
    external_id: row.tune_event_id,
    reason: row.reason,
    field,
    value: field === null ? null : (row.raw[field] ?? null),
    row: row.raw,
    read_at: row.read_at?.toISOString() ?? null,
  };
}
