import { sql } from 'kysely';
import { transactionIdOf, type Database } from '@trackly-tune/database';

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
  const day = seed.day ?? '2026-10-31';
  const { id } = await db
    .insertInto('conversions')
    .values({
      integration_id: seed.integrationId,
      tune_event_id: eventId,
      transaction_id: transactionIdOf(seed.accountId, `ad:ad-${eventId}`),
      settings_version: 1,
      click_window_days: 90,
      version: 1,
      content_hash: hash,
      observed_at: observedAt,
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
    INSERT INTO conversion_versions (conversion_id, version, observed_at, facts)
    VALUES (${id}, 1, ${observedAt}, ${JSON.stringify({ tune_event_id: eventId, ad_id: `ad-${eventId}`, local_time: `${day} 12:00:00` })}::jsonb)`.execute(
    db,
  );
  return id;
}

export interface SeededDecision {
  readonly conversionId: bigint;
  readonly no: number;
  readonly method: 'click' | 'message_id' | 'none';
  readonly messageId?: string | null;
}

/** A decision, which becomes the current one. */
export async function seedDecision(db: Database, seed: SeededDecision): Promise<void> {
  await sql`
    INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason,
      message_id, lookups)
    VALUES (${seed.conversionId}, ${seed.no}, 'first_seen', 1, 1, 1, ${seed.method}, 'no_ids', ${seed.messageId ?? null},
      '')`.execute(db);
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
  readonly decisionNo?: number;
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
        decision_no: entry.decisionNo ?? 1,
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
        cause: 'first_seen' as const,
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
