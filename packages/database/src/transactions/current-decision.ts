import { sql, type RawBuilder } from 'kysely';

/** Joins the decision that holds for a conversion, as `a`; its columns are null while nothing is decided. */
export function joinDecision(conversionId: string): RawBuilder<unknown> {
  return sql.raw(`LEFT JOIN LATERAL (
    SELECT * FROM decisions WHERE conversion_id = ${conversionId} ORDER BY no DESC LIMIT 1) a ON true`);
}
