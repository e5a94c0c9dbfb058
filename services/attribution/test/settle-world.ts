import { sql } from 'kysely';
import {
  acceptedDelivery,
  createConversionRun,
  databaseNow,
  finishSlice,
  inTransaction,
  openDatabase,
  recordPage,
  startRun,
  storeMessages,
  storePage,
  storePostbacks,
  type Database,
} from '@trackly-tune/database';
import { windowOfDays, type ConversionFacts, type SaidByPostback } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase, NUMBERED_ENTRIES } from '@trackly-tune/testing';

export interface Account {
  readonly id: bigint;
  readonly accountId: string;
  readonly offerId: bigint;
}

export interface SettleWorld {
  readonly db: Database;
  readonly url: string;
  /** An integration with an account and an offer `7` of its own. */
  addAccount(): Promise<Account>;
  /** A run whose only page is stored, as conversion-sync leaves it; by default of 1 to 4 May. */
  pull(account: Account, numbers: readonly number[], days?: { from: string; to: string }): Promise<bigint>;
  sendMessage(account: Account, n: number): Promise<void>;
  sendPostback(account: Account, n: number): Promise<void>;
  /** Message (or `none`), amount and whether it is numbered, of each entry. */
  booksOf(account: Account): Promise<string[]>;
  statusOf(runId: bigint): Promise<string | undefined>;
  parked(): Promise<string[]>;
  /** Ends the pauses of what is parked. */
  endPauses(): Promise<void>;
  close(): Promise<void>;
}

export const facts = (n: number): ConversionFacts => ({
  tune_event_id: `ev-${n}`,
  ad_id: `ad-${n}`,
  offer_id: '7',
  affiliate_id: '3',
  local_time: '2026-05-02 10:43:11',
  status: 'approved',
  payout: '1.50000',
  currency: 'USD',
  payout_column: 'payout',
  goal_id: '0',
  status_code: '43',
  is_adjustment: false,
  ids: { aff_sub: `Msg0000${n}` },
});

/** Accounts with facts, in a database of their own. */
export async function createSettleWorld(name: string): Promise<SettleWorld> {
  const database = await createTestDatabase();
  const { db, close } = openDatabase({ databaseUrl: database.url, name });
  let accounts = 0;
  return {
    db,
    url: database.url,
    async addAccount() {
      const accountId = `account-${++accounts}`;
      const { id } = await addIntegration(db, { accountId, networkId: accountId, clickIdField: null });
      await sql`INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
        VALUES (${id}, 'conversions', true, 3600000, clock_timestamp() + interval '1 hour', '2026-05-01T12:00:00Z')`.execute(
        db,
      );
      const { rows: offers } = await sql<{ id: bigint }>`
        INSERT INTO offers (integration_id, external_id, name, tracking_url, status)
        VALUES (${id}, '7', 'Offer', 'https://clicks.example.com/aff_c', 'active') RETURNING id`.execute(db);
      return { id, accountId, offerId: offers[0]?.id ?? 0n };
    },
    async pull({ id, accountId }, numbers, days = { from: '2026-05-01', to: '2026-05-04' }) {
      const window = windowOfDays(days.from, days.to, 'America/New_York');
      const run = await inTransaction(db, (tx) =>
        createConversionRun(tx, { integrationId: id, window, trigger: 'schedule' }),
      );
      await startRun(db, run.id);
      const { rows } = await sql<{ id: bigint }>`SELECT id FROM sync_slices WHERE run_id = ${run.id}`.execute(db);
      const slice = { id: rows[0]?.id ?? 0n, runId: run.id };
      const observedAt = await databaseNow(db);
      await inTransaction(db, async (tx) => {
        const page = { integrationId: id, accountId, settingsVersion: 1, runId: run.id, observedAt, unreadable: [] };
        const stored = await storePage(tx, { ...page, rows: numbers.map(facts) });
        const counts = { fetched: numbers.length, ...stored, rejected: 0, apiCalls: 1 };
        await recordPage(tx, {
          ...{ sliceId: slice.id, runId: run.id, observedAt, nextPage: 2, pageTotal: 1 },
          ...counts,
        });
        await finishSlice(tx, slice);
      });
      return run.id;
    },
    async sendMessage({ accountId }, n) {
      const nothing = { creativeId: null, offerId: null, campaignId: null, contactId: null };
      const message = { ...nothing, accountId, messageId: `Msg0000${n}`, sentAt: new Date('2026-05-01T00:00:00Z') };
      await inTransaction(db, (tx) => storeMessages(tx, [message]));
    },
    async sendPostback({ offerId }, n) {
      const who = { txn_id: `pb-${n}`, click_id: null, message_id: `Msg0000${n}`, goal_id: null, event: null };
      const said: SaidByPostback = { ...who, status: 'approved', amount: '2.50', currency: 'USD' };
      await storePostbacks(db, [acceptedDelivery(offerId, said)]);
    },
    async booksOf({ id }) {
      const { rows } = await sql<{ line: string }>`
        SELECT concat_ws(' ', coalesce(e.message_id, 'none'), e.revenue_e5, f.seq IS NOT NULL) AS line
        FROM ledger_entries e LEFT JOIN ${sql.raw(NUMBERED_ENTRIES)} f
      ON f.conversion_id = e.conversion_id AND f.entry_no = e.entry_no
        WHERE e.integration_id = ${id} ORDER BY e.conversion_id, e.entry_no`.execute(db);
      return rows.map((row) => row.line);
    },
    async statusOf(runId) {
      const { rows } = await sql<{ status: string }>`SELECT status FROM sync_runs WHERE id = ${runId}`.execute(db);
      return rows[0]?.status;
    },
    async parked() {
      const { rows } = await sql<{ line: string }>`
        SELECT concat_ws(' ', kind, account_id, error_code) AS line FROM parked_items ORDER BY 1`.execute(db);
      return rows.map((row) => row.line);
    },
    async endPauses() {
      await sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(db);
    },
    async close() {
      await close();
      await database.drop();
    },
  };
}
