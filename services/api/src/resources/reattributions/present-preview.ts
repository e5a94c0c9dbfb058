import type { ReattributionPreview } from '@trackly-tune/database';
import { formatAmountE5, sortMoves } from '@trackly-tune/domain';
import type { z } from 'zod';
import { MOVES_MAX, type previewAnswer } from './schemas.js';

/** What a re-attribution would move. */
export function presentPreview(preview: ReattributionPreview): z.infer<typeof previewAnswer> {
  const moves = sortMoves(preview.moves);
  return {
    conversions: preview.conversions,
    moves: moves.slice(0, MOVES_MAX).map((move) => ({
      from: { message_id: move.from },
      to: { message_id: move.to },
      currency: move.currency,
      conversions: move.conversions,
      revenue: formatAmountE5(move.revenue),
      pending_revenue: formatAmountE5(move.pending),
    })),
    moves_total: moves.length,
    complete: moves.length <= MOVES_MAX,
  };
}
