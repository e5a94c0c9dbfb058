import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';

/** Something that has the id, beside conversions (see `listConversions`). */
export interface Named {
  readonly kind: 'integration' | 'offer' | 'run' | 'message' | 'click';
  readonly account_id: string;
  /** Our number, or the platform's id of a message or click. */
  readonly id: string;
  /** What it is called: a name, the kind of a run, the message of a click. */
  readonly name: string | null;
  /** How it stands: active, deleted, a status; of a message its creative. */
  readonly state: string | null;
  /** When it was made, began, was sent or clicked. */
  readonly at: Date;
}

export interface NamedQuery {
  /** Null: every account that has an integration. */
  readonly accountId: string | null;
  /** As somebody typed or pasted it, without blanks around it. */
  readonly text: string;
  /** What the text is as an id of ours; null where it is none. */
  readonly integrationId: bigint | null;
  readonly offerId: bigint | null;
  readonly runId: bigint | null;
}

/**
 * Integrations, offers (by our id or the network's), runs, messages and clicks with this id, of one account or of all that
 * have an integration; at most `limit`.
 */
export async function findNamed(db: Database, query: NamedQuery, limit: number): Promise<Named[]> {
  const { accountId, text, integrationId, offerId, runId } = query;
  const { rows } = await sql<Named>`
    WITH mine AS (SELECT * FROM integrations WHERE ${accountId}::text IS NULL OR account_id = ${accountId}),
    accounts AS (SELECT DISTINCT account_id FROM mine UNION SELECT ${accountId}::text WHERE ${accountId}::text IS NOT NULL)
    SELECT 'integration' AS kind, account_id, id::text, name,
      CASE WHEN deleted_at IS NULL THEN 'active' ELSE 'deleted' END AS state, created_at AS at
    FROM mine WHERE id = ${integrationId}::bigint
    UNION ALL
    SELECT 'offer', i.account_id, o.id::text, o.name, o.status, o.created_at
    FROM mine i CROSS JOIN LATERAL (
      SELECT * FROM offers WHERE integration_id = i.id AND (external_id = ${text} OR id = ${offerId}::bigint) OFFSET 0) o
    UNION ALL
    SELECT 'run', i.account_id, r.id::text, r.kind, r.status, r.queued_at
    FROM sync_runs r JOIN mine i ON i.id = r.integration_id WHERE r.id = ${runId}::bigint
    UNION ALL
    SELECT 'message', m.account_id, m.message_id, m.campaign_id, m.creative_id, m.sent_at
    FROM (SELECT account_id, ${text}::text AS id FROM accounts) a
    ${findEach('messages', 'm', 'm.account_id = a.account_id AND m.message_id = a.id')}
    UNION ALL
    SELECT 'click', k.account_id, k.click_id, k.message_id, CASE WHEN k.is_bot THEN 'bot' END, k.clicked_at
    FROM (SELECT account_id, ${text}::text AS id FROM accounts) a
    ${findEach('clicks', 'k', 'k.account_id = a.account_id AND k.click_id = a.id')}
    LIMIT ${limit}`.execute(db);
  return rows;
}
