import { sql } from 'kysely';
import type { Booking, BookingChange, SettledConversion } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** A decision that differs from the current one, with the entries that take the books from there to here. */
export interface DecisionToSave {
  readonly accountId: string;
  readonly integrationId: bigint;
  readonly decisionNo: number;
  readonly entryNo: number;
  readonly cause: string;
  readonly settled: SettledConversion;
  readonly evidence: object;
  readonly evidenceHash: string;
  readonly entries: readonly BookingChange[];
  readonly booking: Booking;
}

function decisionRecord(row: DecisionToSave) {
  const { settled } = row;
  return {
    conversion_id: settled.conversionId,
    no: row.decisionNo,
    cause: row.cause,
    rule_version: settled.ruleVersion,
    settings_version: settled.settingsVersion,
    fact_version: settled.factVersion,
    method: settled.found.method,
    reason: settled.found.reason,
    click_id: settled.found.click?.clickId ?? null,
    message_id: row.booking.place.messageId,
    creative_id: row.booking.place.creativeId,
    campaign_id: row.booking.place.campaignId,
    counting: settled.counting,
    claims_id: settled.claims,
    claimed_by_id: settled.claimedBy,
    evidence: row.evidence,
    evidence_hash: row.evidenceHash,
    entry_no: row.entryNo + row.entries.length,
    offer_id: row.booking.place.externalOfferId,
    day: row.booking.place.day,
    currency: row.booking.place.currency,
    ...worthColumns(row.booking),
  };
}

function worthColumns({ worth }: Booking) {
  return {
    revenue_e5: worth.revenue,
    unconfirmed_e5: worth.unconfirmed,
    pending_e5: worth.pending,
    conversions: worth.conversions,
  };
}

function entryRecords(row: DecisionToSave) {
  return row.entries.map((entry, index) => ({
    conversion_id: row.settled.conversionId,
    entry_no: row.entryNo + index + 1,
    account_id: row.accountId,
    integration_id: row.integrationId,
    message_id: entry.place.messageId,
    creative_id: entry.place.creativeId,
    campaign_id: entry.place.campaignId,
    offer_id: entry.place.externalOfferId,
    day: entry.place.day,
    currency: entry.place.currency,
    cause: row.cause,
    ...worthColumns(entry),
  }));
}

const WORTH_COLUMNS = 'revenue_e5 bigint, unconfirmed_e5 bigint, pending_e5 bigint, conversions integer';
const PLACE_COLUMNS = `message_id text, creative_id text, campaign_id text, offer_id text, day date, currency text`;
const DECISION_COLUMNS = `conversion_id bigint, no integer, cause text, rule_version integer, settings_version integer,
  fact_version integer, method text, reason text, click_id text, counting text, claims_id bigint, claimed_by_id bigint,
  evidence jsonb, evidence_hash text, entry_no integer,
  ${PLACE_COLUMNS}, ${WORTH_COLUMNS}`;
const ENTRY_COLUMNS = `conversion_id bigint, entry_no integer, account_id text, integration_id bigint, cause text,
  ${PLACE_COLUMNS}, ${WORTH_COLUMNS}`;

/** Writes decisions, the current attributions and the ledger's entries: two statements for any number of them. */
export async function saveDecisions(tx: Tx, decisions: readonly DecisionToSave[]): Promise<void> {
  if (decisions.length === 0) return;
  const { rows } = await sql<{ conversion_id: bigint; decision_id: bigint }>`
    WITH r AS MATERIALIZED (SELECT * FROM ${recordset(decisions.map(decisionRecord), DECISION_COLUMNS)}),
    decided AS (
      INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason,
        click_id, message_id, creative_id, campaign_id, evidence)
      SELECT conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason, click_id,
        message_id, creative_id, campaign_id, evidence
      FROM r ORDER BY conversion_id
      RETURNING id, conversion_id, decided_at
    )
    INSERT INTO attributions AS a (conversion_id, decision_id, decision_no, fact_version, method, reason, click_id,
      message_id, creative_id, campaign_id, decided_at, evidence_hash, entry_no, booked_offer_id, booked_day,
      booked_currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, counting, claims_id, claimed_by_id)
    SELECT r.conversion_id, d.id, r.no, r.fact_version, r.method, r.reason, r.click_id, r.message_id, r.creative_id,
      r.campaign_id, d.decided_at, decode(r.evidence_hash, 'hex'), r.entry_no, r.offer_id, r.day, r.currency,
      r.revenue_e5, r.unconfirmed_e5, r.pending_e5, r.conversions, r.counting, r.claims_id, r.claimed_by_id
    FROM decided d JOIN r ON r.conversion_id = d.conversion_id ORDER BY r.conversion_id
    ON CONFLICT (conversion_id) DO UPDATE SET
      decision_id = excluded.decision_id, decision_no = excluded.decision_no, fact_version = excluded.fact_version,
      method = excluded.method, reason = excluded.reason, click_id = excluded.click_id,
      message_id = excluded.message_id, creative_id = excluded.creative_id, campaign_id = excluded.campaign_id,
      decided_at = excluded.decided_at, evidence_hash = excluded.evidence_hash, entry_no = excluded.entry_no,
      booked_offer_id = excluded.booked_offer_id, booked_day = excluded.booked_day,
      booked_currency = excluded.booked_currency, revenue_e5 = excluded.revenue_e5,
      unconfirmed_e5 = excluded.unconfirmed_e5, pending_e5 = excluded.pending_e5, conversions = excluded.conversions,
      counting = excluded.counting, claims_id = excluded.claims_id, claimed_by_id = excluded.claimed_by_id
    RETURNING conversion_id, decision_id`.execute(tx);
  const entries = decisions.flatMap(entryRecords);
  if (entries.length === 0) return;
  const decisionIds = new Map(rows.map((row) => [row.conversion_id, row.decision_id]));
  const records = entries.map((entry) => ({ ...entry, decision_id: decisionIds.get(entry.conversion_id) }));
  await sql`
    INSERT INTO ledger_entries (conversion_id, entry_no, decision_id, account_id, integration_id, message_id,
      creative_id, campaign_id, external_offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions,
      cause)
    SELECT conversion_id, entry_no, decision_id, account_id, integration_id, message_id, creative_id, campaign_id,
      offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause
    FROM ${recordset(records, `${ENTRY_COLUMNS}, decision_id bigint`)} ORDER BY conversion_id, entry_no`.execute(tx);
}

/** Shows the moment that the decision placed the conversion at, where other settings place it elsewhere. */
export async function moveConversionTimes(
  tx: Tx,
  moved: readonly { conversionId: bigint; convertedAt: Date }[],
): Promise<void> {
  if (moved.length === 0) return;
  await sql`
    UPDATE conversions c SET converted_at = r.converted_at
    FROM ${recordset(
      moved.map((row) => ({ id: row.conversionId, converted_at: row.convertedAt })),
      'id bigint, converted_at timestamptz',
    )} WHERE c.id = r.id`.execute(tx);
}
