import { sql, type RawBuilder } from 'kysely';

/**
 * Joins our offer `o` to rows that name one as the books do: by the network's id or, for an offer that the network
 * does not know, by our own (`ofr_12`). Both are columns of this package's own statements, never values.
 */
export function joinOffer(integrationColumn: string, keyColumn: string): RawBuilder<unknown> {
  return sql.raw(`LEFT JOIN offers o ON o.integration_id = ${integrationColumn} AND o.id = coalesce(
      (SELECT k.id FROM offers k WHERE k.integration_id = ${integrationColumn} AND k.external_id = ${keyColumn}),
      CASE WHEN ${keyColumn} ~ '^ofr_[1-9][0-9]{0,17}$' THEN substr(${keyColumn}, 5)::bigint END)`);
}
