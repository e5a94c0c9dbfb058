import { sql } from 'kysely';
import {
  writeLookups,
  type Booking,
  type BookingChange,
  type DecisionCause,
  type SettledConversion,
} from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** A decision that differs from the current one, with the entries that take the books from there to here. */
export interface DecisionToSave {
  readonly integrationId: bigint;
  readonly decisionNo: number;
  readonly entryNo: number;
  readonly cause: DecisionCause;
  readonly settled: SettledConversion;
  /** What decided it beside facts, settings, clicks and messages; null where that is nothing. */
  readonly evidence: object | null;
  readonly evidenceHash: string;
  readonly entries: readonly BookingChange[];
}

function decisionRecord(row: DecisionToSave) {
  const { settled } = row;
  const { message, click } = settled.found;
  return {
    conversion_id: settled.conversionId,
    no: row.decisionNo,
    cause: row.cause,
    rule_version: settled.ruleVersion,
    settings_version: settled.settingsVersion,
    fact_version: settled.factVersion,
    click_window_days: settled.clickWindowDays,
    method: settled.found.method,
    reason: settled.found.reason,
    counting: settled.counting,
    click_id: click?.clickId ?? null,
    message_id: message?.messageId ?? null,
    creative_id: message?.creativeId ?? null,
    campaign_id: message?.campaignId ?? null,
    claims_id: settled.claims,
    claimed_by_id: settled.claimedBy,
    lookups: writeLookups(settled.found.lookups),
    evidence: row.evidence,
    evidence_hash: row.evidenceHash,
    // Most are decided by a click, and then it would only cost its bytes.
    integration_id: settled.found.method === 'click' ? null : row.integrationId,
  };
}

function entryRecords(row: DecisionToSave) {
  return row.entries.map((entry, index) => ({
    conversion_id: row.settled.conversionId,
    entry_no: row.entryNo + index + 1,
    decision_no: row.decisionNo,
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

function worthColumns({ worth }: Pick<Booking, 'worth'>) {
  return {
    revenue_e5: worth.revenue,
    unconfirmed_e5: worth.unconfirmed,
    pending_e5: worth.pending,
    conversions: worth.conversions,
  };
}

const DECISION_COLUMNS = `conversion_id bigint, no integer, cause decision_cause, rule_version smallint,
  settings_version smallint, fact_version integer, click_window_days smallint, method decision_method,
  reason decision_reason, counting conversion_counting, click_id text, message_id text, creative_id text,
  campaign_id text, claims_id bigint, claimed_by_id bigint, lookups text, evidence jsonb, evidence_hash text, integration_id bigint`;
const ENTRY_COLUMNS = `conversion_id bigint, entry_no integer, decision_no integer, integration_id bigint,
  message_id text, creative_id text, campaign_id text, offer_id text, day date, currency text, revenue_e5 bigint,
  unconfirmed_e5 bigint, pending_e5 bigint, conversions smallint, cause decision_cause`;

/** Writes decisions and the ledger's entries: two statements for any number of them. */
export async function saveDecisions(tx: Tx, decisions: readonly DecisionToSave[]): Promise<void> {
  if (decisions.length === 0) return;
  await sql`
    INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, click_window_days,
      method, reason, counting, click_id, message_id, creative_id, campaign_id, claims_id, claimed_by_id, lookups,
      evidence, evidence_hash, integration_id)
    SELECT conversion_id, no, cause, rule_version, settings_version, fact_version, click_window_days, method, reason,
      counting, click_id, message_id, creative_id, campaign_id, claims_id, claimed_by_id, lookups, evidence,
      decode(evidence_hash, 'hex'), integration_id
    FROM ${recordset(decisions.map(decisionRecord), DECISION_COLUMNS)} ORDER BY conversion_id`.execute(tx);
  const entries = decisions.flatMap(entryRecords);
  if (entries.length === 0) return;
  await sql`
    INSERT INTO ledger_entries (conversion_id, entry_no, decision_no, integration_id, message_id, creative_id,
      campaign_id, external_offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause)
    SELECT conversion_id, entry_no, decision_no, integration_id, message_id, creative_id, campaign_id, offer_id, day,
      currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause
    FROM ${recordset(entries, ENTRY_COLUMNS)} ORDER BY conversion_id, entry_no`.execute(tx);
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
