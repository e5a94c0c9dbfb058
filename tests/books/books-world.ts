import {
  acceptedDelivery,
  databaseNow,
  inTransaction,
  storePage,
  storePostbacks,
  type Database,
} from '@trackly-tune/database';
import { fromPublicId, type ConversionFacts, type SaidByPostback } from '@trackly-tune/domain';
import { startBooksApp } from '../../services/api/test/books-app.js';
import { drainBooks } from '../../services/attribution/test/drain-books.js';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** An integration of an account of its own with one imported offer, `7`. */
export interface Connected {
  readonly id: bigint;
  readonly publicId: string;
  readonly accountId: string;
  readonly offerId: bigint;
}

/** The API and the attribution's use cases on one database: everything of the books but the two services' processes. */
export interface BooksWorld {
  readonly db: Database;
  call(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  connect(): Promise<Connected>;
  pull(connected: Connected, ...rows: ConversionFacts[]): Promise<void>;
  firePostback(connected: Connected, said: Partial<SaidByPostback>): Promise<void>;
  sendMessages(connected: Connected, ...messageIds: string[]): Promise<void>;
  sendClick(connected: Connected, clickId: string, messageId: string, clickedAt?: string): Promise<void>;
  settle(batchTransactionsMax?: number): Promise<void>;
  /** Revenue by message as of now, or as of a number of the books: `Msg00001 1.50000/0.00000/1`. */
  revenue(connected: Connected, asOf?: number): Promise<string[]>;
  /** The last number of the books. */
  lastSeq(connected: Connected): Promise<number>;
  close(): Promise<void>;
}

export function row(n: number, changes: Partial<ConversionFacts> = {}): ConversionFacts {
  return {
    tune_event_id: `ev-${n}`,
    ad_id: `click-${n}`,
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
    ids: { aff_sub: `Msg0000${n % 10}`, aff_sub2: `Sub0000${n % 10}` },
    ...changes,
  };
}

const SAID: SaidByPostback = {
  txn_id: 'T1',
  click_id: null,
  message_id: null,
  goal_id: null,
  event: null,
  status: 'approved',
  amount: '10',
  currency: null,
};

let accounts = 0;

export async function startBooksWorld(database?: { url: string; drop(): Promise<void> }): Promise<BooksWorld> {
  const { app, db, close } = await startBooksApp(database);

  const call: BooksWorld['call'] = async (method, url, payload, headers = {}) => {
    const response = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    const text = response.body;
    const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.statusCode, body, text };
  };

  async function must(method: 'GET' | 'POST', url: string, payload?: object): Promise<Record<string, unknown>> {
    const { status, body, text } = await call(method, url, payload);
    if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
    return body;
  }

  return {
    db,
    call,
    async connect() {
      const accountId = `account-${++accounts}`;
      const body = await must('POST', '/v1/integrations', {
        account_id: accountId,
        name: 'Demo',
        network_id: 'demo',
        network_token: 'a-token-of-the-demo',
        base_url: 'https://clicks.example.com',
        affiliate_id: '3',
        time_zone: 'America/New_York',
        default_currency: 'USD',
      });
      const publicId = String(body.id);
      const id = fromPublicId('integration', publicId) ?? 0n;
      const offer = await db
        .insertInto('offers')
        .values({
          integration_id: id,
          external_id: '7',
          name: 'Seven',
          tracking_url: 'https://x.example.com',
          status: 'active',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { id, publicId, accountId, offerId: offer.id };
    },
    async pull({ id, accountId }, ...rows) {
      const { settings_version: settingsVersion } = await db
        .selectFrom('integrations')
        .select('settings_version')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const page = { integrationId: id, accountId, settingsVersion, runId: 1n, unreadable: [] };
      const observedAt = await databaseNow(db);
      await inTransaction(db, (tx) => storePage(tx, { ...page, observedAt, rows }));
    },
    async firePostback({ offerId }, said) {
      await storePostbacks(db, [acceptedDelivery(offerId, { ...SAID, ...said })]);
    },
    async sendMessages({ accountId }, ...messageIds) {
      const records = messageIds.map((messageId) => ({
        account_id: accountId,
        message_id: messageId,
        creative_id: `creative-${messageId}`,
        campaign_id: 'spring',
        sent_at: '2026-05-01T00:00:00Z',
      }));
      await must('POST', '/v1/messages', { records });
    },
    async sendClick({ accountId }, clickId, messageId, clickedAt = '2026-05-02T00:00:00Z') {
      const record = { account_id: accountId, click_id: clickId, message_id: messageId, clicked_at: clickedAt };
      await must('POST', '/v1/clicks', { records: [record] });
    },
    async settle(batchTransactionsMax = 3) {
      await drainBooks(db, batchTransactionsMax);
    },
    async revenue({ publicId }, asOf) {
      const at = asOf === undefined ? '' : `&as_of=${asOf}`;
      const body = await must('GET', `/v1/revenue?integration_id=${publicId}&group_by=message&per_page=1000${at}`);
      const rows = body.data as { key: string; revenue: string; pending_revenue: string; conversions: number }[];
      return rows.map(
        ({ key, revenue, pending_revenue: pending, conversions }) => `${key} ${revenue}/${pending}/${conversions}`,
      );
    },
    async lastSeq({ publicId }) {
      const body = await must('GET', `/v1/revenue?integration_id=${publicId}&group_by=day`);
      return Number(body.as_of_seq);
    },
    close,
  };
}
