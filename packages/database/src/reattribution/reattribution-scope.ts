import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../connection/connection.js';
import { joinDecision } from '../transactions/current-decision.js';

/** Which conversions a re-attribution puts under which version of the settings. */
export interface ReattributionScope {
  readonly integrationId: bigint;
  readonly settingsVersion: number;
  /** One conversion with the postback that is the same; null for all of the integration. */
  readonly conversionIds: readonly bigint[] | null;
  /** Days of the conversion, both inclusive; null for no bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** The last conversion that was known when it was asked for. */
  readonly throughId: bigint;
}

/** Conditions on a conversion `c`. What was first seen under later settings than these keeps them. */
export function inReattribution(scope: ReattributionScope): RawBuilder<unknown> {
  const days = [
    ...(scope.from === null ? [] : [sql` AND c.day >= ${scope.from}::date`]),
    ...(scope.to === null ? [] : [sql` AND c.day <= ${scope.to}::date`]),
  ];
  return sql`c.integration_id = ${scope.integrationId} AND c.id <= ${scope.throughId}
    AND c.settings_version <= ${scope.settingsVersion}${sql.join(days, sql``)}${onlyNamed(scope)}`;
}

function onlyNamed({ conversionIds }: ReattributionScope): RawBuilder<unknown> {
  return conversionIds === null ? sql`` : sql` AND c.id = ANY(${conversionIds}::bigint[])`;
}

export interface ScopeBatch {
  readonly conversions: readonly {
    readonly id: bigint;
    readonly transactionId: string;
    /** A postback that a pulled row claimed is that row's conversion, and not counted apart. */
    readonly isClaimed: boolean;
  }[];
  /** Where the next batch begins; null when there is nothing behind this one. */
  readonly next: bigint | null;
}

/**
 * The next conversions in scope behind `after`, in the order of their ids. Walks at most `walkedMax` conversions of
 * the integration, so that a few days of a large one cost no long statement: a batch may be empty and not the last.
 */
export async function readScopeBatch(
  db: Database,
  scope: ReattributionScope,
  options: { after: bigint; walkedMax: number; foundMax: number },
): Promise<ScopeBatch> {
  const { rows } = await sql<{
    walked_to: bigint | null;
    walked: bigint;
    id: bigint | null;
    transaction_id: string;
    is_claimed: boolean;
  }>`
    WITH walked AS MATERIALIZED (
      SELECT c.id, c.transaction_id, c.integration_id, c.settings_version, c.day FROM conversions c
      WHERE c.integration_id = ${scope.integrationId} AND c.id > ${options.after}
        AND c.id <= ${scope.throughId}${onlyNamed(scope)}
      ORDER BY c.id LIMIT ${options.walkedMax}
    ), found AS (
      SELECT c.id, c.transaction_id FROM walked c WHERE ${inReattribution(scope)}
      ORDER BY c.id LIMIT ${options.foundMax}
    )
    SELECT w.walked_to, w.walked, f.id, f.transaction_id, a.claimed_by_id IS NOT NULL AS is_claimed
    FROM (SELECT max(id) AS walked_to, count(*) AS walked FROM walked) w
    LEFT JOIN found f ON true
    ${joinDecision('f.id')}
    ORDER BY f.id`.execute(db);
  const conversions = rows.flatMap(({ id, transaction_id: transactionId, is_claimed: isClaimed }) =>
    id === null ? [] : [{ id, transactionId, isClaimed }],
  );
  const { walked = 0n, walked_to: walkedTo = null } = rows[0] ?? {};
  const lastFound = conversions.at(-1)?.id ?? null;
  if (conversions.length === options.foundMax) return { conversions, next: lastFound };
  return { conversions, next: walked === BigInt(options.walkedMax) ? walkedTo : null };
}

/** How many conversions a re-attribution is about, claimed postbacks not counted apart. */
export async function countInScope(db: Database, scope: ReattributionScope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM conversions c ${joinDecision('c.id')}
    WHERE a.claimed_by_id IS NULL AND ${inReattribution(scope)}`.execute(db);
  return rows[0]?.count ?? 0;
}
