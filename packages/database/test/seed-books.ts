import { sql } from 'kysely';
import type { Database } from '@trackly-tune/database';

let conversions = 0;

export interface SeededConversion {
  readonly accountId: string;
  readonly integrationId: bigint;
  readonly externalOfferId?: string;
  readonly status?: 'approved' | 'pending' | 'rejected';
  readonly day?: string;
  readonly currency?: string;
  readonly payoutE5?: bigint;
}

/** A conversion with its first version, undecided. */
export async function seedConversion(db: Database, seed: SeededConversion): Promise<bigint> {
  const eventId = `event-${++conversions}`;
  const hash = Buffer.from(eventId);
  const observedAt = new Date('2026-11-01T10:00:00Z');
  const { id: transactionId } = await db
    .insertInto('transactions')
    .values({ integration_id: seed.integrationId, key: `ad:${eventId}` })
    .returning('id')
    .executeTakeFirstOrThrow();
  const day = seed.day ?? '2026-10-31';
  const { id } = await db
    .insertInto('conversions')
    .values({
      integration_id: seed.integrationId,
      account_id: seed.accountId,
      tune_event_id: eventId,
      transaction_id: transactionId,
      settings_version: 1,
      click_window_days: 90,
      version: 1,
      content_hash: hash,
      observed_at: observedAt,
      ad_id: `ad-${eventId}`,
      external_offer_id: seed.externalOfferId ?? '10',
      status: seed.status ?? 'approved',
      is_test: false,
      is_adjustment: false,
      payout_e5: seed.payoutE5 ?? 250_000n,
      currency: seed.currency ?? 'USD',
      day,
      converted_at: new Date(`${day}T16:00:00Z`),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`
    INSERT INTO conversion_versions (conversion_id, version, observed_at, content_hash, facts)
    VALUES (${id}, 1, ${observedAt}, ${hash}, ${JSON.stringify({ tune_event_id: eventId })}::jsonb)`.execute(db);
  return id;
}

export interface SeededDecision {
  readonly conversionId: bigint;
  readonly no: number;
  readonly method: 'click' | 'message_id' | 'none';
  readonly messageId?: string | null;
}

/** A decision, which becomes the current one. */
export async function seedDecision(db: Database, seed: SeededDecision): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    WITH d AS (
      INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason,
        message_id, evidence)
      VALUES (${seed.conversionId}, ${seed.no}, 'first_seen', 1, 1, 1, ${seed.method}, 'no_ids',
        ${seed.messageId ?? null}, '{}')
      RETURNING id, decided_at
    )
    INSERT INTO attributions AS a (conversion_id, decision_id, decision_no, fact_version, method, reason, message_id,
      decided_at, evidence_hash)
    SELECT ${seed.conversionId}, id, ${seed.no}, 1, ${seed.method}, 'no_ids', ${seed.messageId ?? null}, decided_at, ''
    FROM d
    ON CONFLICT (conversion_id) DO UPDATE SET decision_id = excluded.decision_id, decision_no = excluded.decision_no,
      method = excluded.method, message_id = excluded.message_id, decided_at = excluded.decided_at
    RETURNING decision_id AS id`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('The decision was not written');
  return row.id;
}

/** A ledger entry; the relay has still to number it. */
export interface SeededEntry {
  readonly conversionId: bigint;
  readonly entryNo: number;
  readonly accountId: string;
  readonly integrationId: bigint;
  readonly messageId: string | null;
  readonly creativeId: string | null;
  readonly campaignId: string | null;
  readonly externalOfferId: string;
  readonly day: string;
  readonly currency: string;
  readonly revenueE5: bigint;
  readonly unconfirmedE5: bigint;
  readonly pendingE5: bigint;
  readonly conversions: number;
  readonly decisionId?: bigint;
}

/** Writes entries in their order, in one statement. */
export async function seedEntries(db: Database, entries: readonly SeededEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('ledger_entries')
    .values(
      entries.map((entry) => ({
        conversion_id: entry.conversionId,
        entry_no: entry.entryNo,
        decision_id: entry.decisionId ?? 1n,
        account_id: entry.accountId,
        integration_id: entry.integrationId,
        message_id: entry.messageId,
        creative_id: entry.creativeId,
        campaign_id: entry.campaignId,
        external_offer_id: entry.externalOfferId,
        day: entry.day,
        currency: entry.currency,
        revenue_e5: entry.revenueE5,
        unconfirmed_e5: entry.unconfirmedE5,
        pending_e5: entry.pendingE5,
        conversions: entry.conversions,
        cause: 'first_seen',
      })),
    )
    .execute();
}

/** An offer imported from the network, or made by hand without an external id. */
export async function seedOffer(db: Database, integrationId: bigint, externalId: string | null): Promise<bigint> {
  const { id } = await db
    .insertInto('offers')
    .values({
      integration_id: integrationId,
      external_id: externalId,
      name: `Offer ${externalId ?? 'by hand'}`,
      tracking_url: 'https://track.example.com/aff_c',
      status: 'active',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
