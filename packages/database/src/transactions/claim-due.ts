import { sql } from 'kysely';
import {
  searchOfPostback,
  searchOfRow,
  type Booking,
  type Candidates,
  type Click,
  type ConversionFacts,
  type Message,
  type PostbackConversion,
  type PostbackFacts,
  type PulledConversion,
  type SettingsVersion,
} from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { recordset } from '../connection/recordset.js';
import { loadSettings, settingsOf } from '../integrations/settings-read.js';

export interface ClaimedTransaction {
  readonly id: bigint;
  readonly integrationId: bigint;
  readonly cause: string;
}

/** What is decided and booked for a conversion so far. */
export interface CurrentAttribution {
  readonly decisionNo: number;
  readonly factVersion: number;
  readonly evidenceHash: string;
  readonly entryNo: number;
  readonly booked: Booking | null;
}

/** A pulled row or a postback, as it is settled. */
export type LoadedRecord =
  ({ readonly source: 'pull' } & PulledConversion) | ({ readonly source: 'postback' } & PostbackConversion);

export interface LoadedConversion {
  readonly transactionId: bigint;
  readonly integrationId: bigint;
  readonly accountId: string;
  readonly convertedAt: Date;
  readonly record: LoadedRecord;
  readonly current: CurrentAttribution | null;
}

const UNPARKED = notParked('transaction', 't.id');

/**
 * Locks the next due transactions, live work before background work, then oldest ids first, passing over those that
 * another copy holds. The locks last as long as the transaction: whatever is decided is written in the same one.
 * `only` claims those with these ids, parked or not.
 */
export async function claimDue(
  tx: Tx,
  options: { transactionsMax: number; only?: readonly bigint[] | null },
): Promise<ClaimedTransaction[]> {
  const { transactionsMax, only = null } = options;
  const wanted = only === null ? UNPARKED : sql`t.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<{ id: bigint; integration_id: bigint; cause: string | null }>`
    SELECT t.id, t.integration_id, t.cause FROM transactions t
    WHERE t.due_since IS NOT NULL AND ${wanted}
    ORDER BY t.background, t.id LIMIT ${transactionsMax} FOR UPDATE OF t SKIP LOCKED`.execute(tx);
  return rows.map((row) => ({ id: row.id, integrationId: row.integration_id, cause: row.cause ?? 'pull' }));
}

/** The transactions that `claimDue` would claim next, without locking them. */
export async function nextDue(db: Database, transactionsMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT t.id, i.account_id AS "accountId", t.integration_id AS "integrationId"
    FROM transactions t LEFT JOIN integrations i ON i.id = t.integration_id
    WHERE t.due_since IS NOT NULL AND ${UNPARKED}
    ORDER BY t.background, t.id LIMIT ${transactionsMax}`.execute(db);
  return rows;
}

interface ConversionRow {
  id: bigint;
  postback_key: string | null;
  transaction_id: bigint;
  integration_id: bigint;
  account_id: string;
  settings_version: number;
  click_window_days: number;
  version: number;
  converted_at: Date;
  facts: ConversionFacts | PostbackFacts;
  decision_no: number | null;
  fact_version: number | null;
  evidence_hash: Buffer | null;
  entry_no: number | null;
  message_id: string | null;
  creative_id: string | null;
  campaign_id: string | null;
  booked_offer_id: string | null;
  booked_day: string | null;
  booked_currency: string | null;
  revenue_e5: bigint;
  unconfirmed_e5: bigint;
  pending_e5: bigint;
  conversions: number;
}

function currentOf(row: ConversionRow): CurrentAttribution | null {
  if (row.decision_no === null || row.fact_version === null || row.evidence_hash === null) return null;
  const { booked_offer_id: externalOfferId, booked_day: day, booked_currency: currency } = row;
  return {
    decisionNo: row.decision_no,
    factVersion: row.fact_version,
    evidenceHash: row.evidence_hash.toString('hex'),
    entryNo: row.entry_no ?? 0,
    booked:
      externalOfferId === null || day === null || currency === null
        ? null
        : {
            place: {
              messageId: row.message_id,
              creativeId: row.creative_id,
              campaignId: row.campaign_id,
              externalOfferId,
              day,
              currency,
            },
            worth: {
              revenue: row.revenue_e5,
              unconfirmed: row.unconfirmed_e5,
              pending: row.pending_e5,
              conversions: row.conversions,
            },
          },
  };
}

function recordOf(row: ConversionRow, settings: SettingsVersion): LoadedRecord {
  const pinned = {
    conversionId: row.id,
    factVersion: row.version,
    settings,
    clickWindowDays: row.click_window_days,
  };
  return row.postback_key === null
    ? { source: 'pull', ...pinned, facts: row.facts as ConversionFacts }
    : { source: 'postback', ...pinned, key: row.postback_key, facts: row.facts as PostbackFacts };
}

const CONVERSION_COLUMNS =
  sql.raw(`c.id, encode(c.postback_key, 'hex') AS postback_key, c.transaction_id, c.integration_id, c.account_id, c.settings_version,
  c.click_window_days, c.version, c.converted_at, v.facts, a.decision_no, a.fact_version, a.evidence_hash, a.entry_no,
  a.message_id, a.creative_id, a.campaign_id, a.booked_offer_id, a.booked_day, a.booked_currency, a.revenue_e5,
  a.unconfirmed_e5, a.pending_e5, a.conversions`);

/** The conversions of some transactions with their current facts, settings and attribution: one statement. */
export async function loadConversions(db: Database, transactionIds: readonly bigint[]): Promise<LoadedConversion[]> {
  const { rows } = await sql<ConversionRow>`
    SELECT ${CONVERSION_COLUMNS}
    FROM conversions c
    JOIN conversion_versions v ON v.conversion_id = c.id AND v.version = c.version
    LEFT JOIN attributions a ON a.conversion_id = c.id
    WHERE c.transaction_id = ANY(${transactionIds}::bigint[]) ORDER BY c.id`.execute(db);
  const settings = await loadSettings(
    db,
    rows.map((row) => row.integration_id),
  );
  return rows.map((row) => ({
    transactionId: row.transaction_id,
    integrationId: row.integration_id,
    accountId: row.account_id,
    convertedAt: row.converted_at,
    record: recordOf(row, settingsOf(settings, row.integration_id, row.settings_version)),
    current: currentOf(row),
  }));
}

type LookupRequest = { account_id: string; key: string };

/**
 * The clicks and messages that these conversions could belong to, by account: accounts are walls (law 16). One
 * statement for all clicks, one for all messages.
 */
export async function loadCandidates(
  db: Database,
  conversions: readonly LoadedConversion[],
): Promise<ReadonlyMap<string, Candidates>> {
  const clickKeys: LookupRequest[] = [];
  const messageKeys: LookupRequest[] = [];
  for (const { accountId, record } of conversions) {
    const search =
      record.source === 'pull' ? searchOfRow(record.facts, record.settings) : searchOfPostback(record.facts);
    for (const { key } of search.clicks) clickKeys.push({ account_id: accountId, key });
    if (search.message !== null) messageKeys.push({ account_id: accountId, key: search.message.value });
  }
  const clicks = await sql<{
    account_id: string;
    click_id: string;
    message_id: string;
    clicked_at: Date;
    is_bot: boolean;
  }>`
    SELECT c.account_id, c.click_id, c.message_id, c.clicked_at, c.is_bot
    FROM (SELECT DISTINCT account_id, key FROM ${recordset(clickKeys, 'account_id text, key text')}) k
    JOIN clicks c ON c.account_id = k.account_id AND c.click_id = k.key`.execute(db);
  for (const click of clicks.rows) messageKeys.push({ account_id: click.account_id, key: click.message_id });
  const messages = await sql<{
    account_id: string;
    message_id: string;
    creative_id: string | null;
    campaign_id: string | null;
  }>`
    SELECT m.account_id, m.message_id, m.creative_id, m.campaign_id
    FROM (SELECT DISTINCT account_id, key FROM ${recordset(messageKeys, 'account_id text, key text')}) k
    JOIN messages m ON m.account_id = k.account_id AND m.message_id = k.key`.execute(db);

  const byAccount = new Map<string, { clicks: Map<string, Click>; messages: Map<string, Message> }>();
  for (const { accountId } of conversions) {
    if (!byAccount.has(accountId)) byAccount.set(accountId, { clicks: new Map(), messages: new Map() });
  }
  for (const row of clicks.rows) {
    byAccount.get(row.account_id)?.clicks.set(row.click_id, {
      clickId: row.click_id,
      messageId: row.message_id,
      clickedAt: row.clicked_at,
      isBot: row.is_bot,
    });
  }
  for (const row of messages.rows) {
    byAccount.get(row.account_id)?.messages.set(row.message_id, {
      messageId: row.message_id,
      creativeId: row.creative_id,
      campaignId: row.campaign_id,
    });
  }
  return byAccount;
}
