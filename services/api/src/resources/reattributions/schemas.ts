import { z } from 'zod';
import { day, money, ownId, refineDays } from '../../http/schemas.js';

/** Moves in one answer at most; the largest are kept. */
export const MOVES_MAX = 1_000;
/** What a dry run looks at, at most. A run itself has no such bound. */
export const PREVIEW_CONVERSIONS_MAX = 100_000;

export const reattributionBody = refineDays(
  z.strictObject({
    integration_id: ownId.optional(),
    conversion_id: ownId.optional(),
    from: day.optional().meta({ description: 'Days of the conversion, both inclusive; with integration_id only' }),
    to: day.optional(),
    dry_run: z.boolean().default(false),
  }),
)
  .refine((body) => (body.integration_id === undefined) !== (body.conversion_id === undefined), {
    path: ['integration_id'],
    message: 'exactly one of integration_id and conversion_id is required',
  })
  .refine((body) => body.conversion_id === undefined || (body.from === undefined && body.to === undefined), {
    path: ['conversion_id'],
    message: 'is one conversion: from and to go with integration_id',
  })
  .meta({ id: 'Reattribution' });

export type ReattributionWish = z.infer<typeof reattributionBody>;

const message = z.object({ message_id: z.string().nullable() }).meta({ id: 'MessageOrNone' });

export const previewAnswer = z
  .object({
    conversions: z.number().int().meta({ description: 'How many are decided again' }),
    moves: z
      .array(
        z.object({
          from: message,
          to: message,
          currency: z.string(),
          conversions: z.number().int(),
          revenue: money,
          pending_revenue: money,
        }),
      )
      .meta({
        description:
          `Summed by pair of messages and currency, the largest first, at most ${MOVES_MAX}. Where both messages are ` +
          'the same, it is by how much its revenue changes',
      }),
    moves_total: z.number().int(),
    complete: z.boolean().meta({ description: `False when only the largest ${MOVES_MAX} moves are here` }),
  })
  .meta({ id: 'ReattributionPreview' });
