import { RUN_KINDS, RUN_STATUSES, type RunRow } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { codedMessage, time } from '../../http/schemas.js';

const count = z.number().int();

export const runAnswer = z
  .object({
    id: z.string(),
    integration_id: z.string(),
    kind: z.enum(RUN_KINDS),
    trigger: z.enum(['schedule', 'manual']),
    status: z.enum(RUN_STATUSES).meta({
      description: '`succeeded`: every conversion of the run is stored, attributed and visible in the books',
    }),
    window: z
      .object({
        from: z.string().nullable().meta({ format: 'date' }),
        to: z.string().nullable().meta({ format: 'date' }),
      })
      .meta({ description: "Days of the integration's time zone, both inclusive; null for runs without a window" }),
    progress: z.object({
      done: count,
      total: count.nullable(),
      unit: z.string(),
      rate_per_minute: z
        .number()
        .nullable()
        .optional()
        .meta({ description: 'Backfills only: days per minute of late' }),
      expected_end_at: time.nullable().optional().meta({ description: 'Backfills only: at that rate' }),
    }),
    counts: z.object({
      fetched: count,
      inserted: count,
      updated: count,
      unchanged: count,
      rejected: count,
      attributed_by_click: count,
      attributed_by_message_id: count,
      unattributed: count,
      parked: count.optional().meta({
        description:
          'Transactions of the window that could not be settled or numbered when the run ended, which has then failed; ' +
          'left out where there are none',
      }),
      api_calls: count,
    }),
    error: codedMessage.nullable(),
    queued_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    paused_at: time.nullable().optional().meta({ description: 'Backfills only' }),
    items: z
      .array(z.object({ external_id: z.string(), result: z.string() }))
      .optional()
      .meta({ description: 'Imports only: what became of each offer asked for' }),
  })
  .meta({ id: 'SyncRun' });

export type Run = z.infer<typeof runAnswer>;

function presentItems(row: RunRow): { items?: { external_id: string; result: string }[] } {
  if (row.kind !== 'offer_import') return {};
  const items = z.array(z.object({ external_id: z.string(), result: z.string() })).safeParse(row.items ?? []);
  return { items: items.success ? items.data : [] };
}

/** How fast a backfill goes, and when it ends if it goes on like that. */
function presentPace(row: RunRow): { rate_per_minute?: number | null; expected_end_at?: string | null } {
  if (row.kind !== 'backfill') return {};
  return { rate_per_minute: row.rate_per_minute, expected_end_at: row.expected_end_at?.toISOString() ?? null };
}

/** A sync run as callers see it. */
export function presentRun(row: RunRow): Run {
  return {
    id: toPublicId('run', row.id),
    integration_id: toPublicId('integration', row.integration_id),
    kind: row.kind,
    trigger: row.trigger,
    status: row.status,
    window: { from: row.window_from, to: row.window_to },
    progress: { done: row.progress_done, total: row.progress_total, unit: row.progress_unit, ...presentPace(row) },
    counts: {
      fetched: row.fetched,
      inserted: row.inserted,
      updated: row.updated,
      unchanged: row.unchanged,
      rejected: row.rejected,
      attributed_by_click: row.attributed_by_click,
      attributed_by_message_id: row.attributed_by_message_id,
      unattributed: row.unattributed,
      ...(row.parked > 0 ? { parked: row.parked } : {}),
      api_calls: row.api_calls,
    },
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? row.error_code },
    queued_at: row.queued_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    ...(row.kind === 'backfill' ? { paused_at: row.paused_at?.toISOString() ?? null } : {}),
    ...presentItems(row),
  };
}
