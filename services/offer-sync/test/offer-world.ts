import { sql } from 'kysely';
import { createImportRun, createOfferRun, inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { keyOfId } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase } from '@trackly-tune/testing';
import type { NetworkOffer, OfferPage, TuneClient } from '@trackly-tune/tune-client';
import { createBackgroundTurns, createNetworkRunner, createUrgentWatches } from '@trackly-tune/sync-engine';
import { createCatalogueWork } from '../src/catalogue-work.js';

/** A network's offers as the client hands them out, page by page. */
export class ScriptedNetwork {
  offers = new Map<string, NetworkOffer>();
  calls = 0;
  /** Called before each page; what it throws the call throws. */
  beforePage: (page: number) => Promise<void> | void = () => undefined;
  count: (real: number) => number | null = (real) => real;
  /** Changes a page on its way out. */
  answer: (page: OfferPage) => OfferPage = (page) => page;

  put(...offers: readonly NetworkOffer[]): void {
    for (const offer of offers) this.offers.set(offer.externalId, offer);
  }

  client(): TuneClient {
    const absent = (): never => {
      throw new Error('not part of this test');
    };
    return {
      getConversions: absent,
      getTimeZone: absent,
      getDefaultCurrency: absent,
      getActiveCurrencies: absent,
      findAffiliate: absent,
      findChangedConversions: absent,
      maskRow: absent,
      listOffers: async ({ page, limit, signal }): Promise<OfferPage> => {
        this.calls += 1;
        await this.beforePage(page);
        signal?.throwIfAborted();
        const all = [...this.offers.values()];
        const offers = all.slice((page - 1) * limit, page * limit);
        return this.answer({
          offers,
          unreadable: 0,
          keys: offers.map((offer) => keyOfId(offer.externalId)),
          listed: true,
          page,
          pageCount: Math.ceil(all.length / limit),
          count: this.count(all.length),
          apiCalls: 1,
        });
      },
      close: async () => undefined,
    };
  }
}

export function networkOffer(n: number, changes: Partial<NetworkOffer> = {}): NetworkOffer {
  return {
    externalId: String(n),
    name: `Offer ${n}`,
    tuneStatus: 'active',
    offerUrl: `http://shop.example.com/${n}?transaction_id={transaction_id}`,
    previewUrl: null,
    defaultPayout: '40.00000',
    percentPayout: '90.00',
    payoutType: 'cpa_flat',
    currency: null,
    advertiserId: '500',
    advertiserName: 'Shop',
    expirationDate: '0000-00-00 00:00:00',
    isExpired: false,
    ...changes,
  };
}

export interface OfferWorld {
  readonly db: Database;
  addIntegration(
    networkId: string,
    changes?: { prefix?: string; rules?: object; autoImport?: boolean },
  ): Promise<bigint>;
  /** Works until nothing is left that can be done now. */
  work(networkId: string, network: ScriptedNetwork, options?: { signal?: AbortSignal }): Promise<void>;
  /** Works on as if every wait of this network were over, until no run of it is open. */
  outlastWaits(networkId: string, network: ScriptedNetwork): Promise<void>;
  sync(integrationId: bigint, networkId: string, network: ScriptedNetwork): Promise<bigint>;
  importOffers(integrationId: bigint, networkId: string, network: ScriptedNetwork, ids: string[]): Promise<bigint>;
  run(id: bigint): Promise<Record<string, unknown>>;
  offers(integrationId: bigint): Promise<string[]>;
  /** Cause and change of status of every entry that changed it, in their order. */
  statusHistory(integrationId: bigint): Promise<string[]>;
  /** Every row of what a sync writes, with its physical version: equal texts mean that nothing was written. */
  physical(integrationId: bigint): Promise<unknown>;
  logCodes(integrationId: bigint): Promise<string[]>;
  close(): Promise<void>;
}

export async function openOfferWorld(): Promise<OfferWorld> {
  const database = await createTestDatabase();
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'offer-sync-test' });

  async function work(networkId: string, network: ScriptedNetwork, options: { signal?: AbortSignal } = {}) {
    const run = createNetworkRunner({
      db,
      work: createCatalogueWork({ db, pageOffersMax: 2 }),
      host: {
        holder: 'test',
        openClient: () => network.client(),
        onRunEnded: () => undefined,
        onUnexpected: (error: unknown) => {
          throw error;
        },
      },
      background: createBackgroundTurns(1),
      urgent: createUrgentWatches(),
      leaseMs: 30_000,
      sliceBudgetMs: 60_000,
      networkBudgetMs: 60_000,
      lookForUrgentMs: 500,
      retryAfterMs: 3_000,
      now: () => performance.now(),
    });
    await run(networkId, options.signal ?? new AbortController().signal);
  }

  return {
    db,
    work,
    async outlastWaits(networkId, network) {
      for (;;) {
        const { rows } = await sql`
          UPDATE sync_slices s SET not_before = NULL FROM sync_runs r
          WHERE r.id = s.run_id AND s.lease_key = ${`offers:${networkId}`} AND s.done_at IS NULL
            AND r.status IN ('queued', 'running') RETURNING 1`.execute(db);
        if (rows.length === 0) return;
        await work(networkId, network);
      }
    },
    async addIntegration(networkId, changes = {}) {
      const { id } = await addIntegration(db, { accountId: 'account', networkId });
      await sql`
        UPDATE integrations SET offer_name_prefix = ${changes.prefix ?? ''},
          offer_field_rules = ${JSON.stringify(changes.rules ?? {})}::jsonb,
          auto_import_offers = ${changes.autoImport ?? false}
        WHERE id = ${id}`.execute(db);
      await sql`INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
        VALUES (${id}, 'offers', false, 86400000, now(), now())`.execute(db);
      return id;
    },
    async sync(integrationId, networkId, network) {
      const { id } = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'manual' }));
      await work(networkId, network);
      return id;
    },
    async importOffers(integrationId, networkId, network, externalIds) {
      const { id } = await inTransaction(db, (tx) => createImportRun(tx, { integrationId, externalIds }));
      await work(networkId, network);
      return id;
    },
    async run(id) {
      const { rows } = await sql<Record<string, unknown>>`
        SELECT status, fetched, inserted, updated, unchanged, rejected, api_calls, progress_done, progress_total, items,
          error_code FROM sync_runs WHERE id = ${id}`.execute(db);
      return rows[0] ?? {};
    },
    async offers(integrationId) {
      const { rows } = await sql<{ line: string }>`
        SELECT concat_ws(' | ', external_id, name, status, tune_status, payout_e5, payout_percent_e5, currency) AS line
        FROM offers WHERE integration_id = ${integrationId} ORDER BY external_id`.execute(db);
      return rows.map((row) => row.line);
    },
    async statusHistory(integrationId) {
      const { rows } = await sql<{ line: string }>`
        SELECT concat_ws(' ', h.cause, h.changes->'status'->>'before', '→', h.changes->'status'->>'after') AS line
        FROM offer_changes h JOIN offers o ON o.id = h.offer_id
        WHERE o.integration_id = ${integrationId} AND h.changes ? 'status' ORDER BY h.id`.execute(db);
      return rows.map((row) => row.line);
    },
    async physical(integrationId) {
      const { rows } = await sql`
        SELECT 'catalogue' AS kind, external_id AS key, xmin::text, xmax::text, ctid::text FROM catalogue_offers
        WHERE integration_id = ${integrationId}
        UNION ALL
        SELECT 'offer', external_id, xmin::text, xmax::text, ctid::text FROM offers
        WHERE integration_id = ${integrationId}
        UNION ALL
        SELECT 'change', h.id::text, h.xmin::text, h.xmax::text, h.ctid::text FROM offer_changes h
        JOIN offers o ON o.id = h.offer_id WHERE o.integration_id = ${integrationId}
        ORDER BY 1, 2`.execute(db);
      return rows;
    },
    async logCodes(integrationId) {
      const { rows } = await sql<{ code: string }>`
        SELECT code FROM integration_log WHERE integration_id = ${integrationId} AND code <> 'run_started'
        ORDER BY id`.execute(db);
      return rows.map((row) => row.code);
    },
    async close() {
      await close();
      await database.drop();
    },
  };
}
