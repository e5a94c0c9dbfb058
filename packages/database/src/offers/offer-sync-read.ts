import { sql } from 'kysely';
import {
  offerFieldRules,
  toPublicId,
  type CatalogueOffer,
  type KeptOffer,
  type OfferFieldRules,
  type RecordedOffer,
} from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import {
  CATALOGUE_STATE,
  catalogueOfferOfRow,
  keptOfferOfRow,
  OFFER_STATE,
  type CatalogueStateRow,
  type OfferStateRow,
} from './offer-rows.js';

/** What decides how an integration's offers follow the network. */
export interface OfferSyncSettings {
  readonly namePrefix: string;
  readonly rules: OfferFieldRules;
  readonly autoImport: boolean;
  readonly defaultCurrency: string;
  /** By PostgreSQL's clock: offers whose expiration has come by then are over. */
  readonly now: Date;
}

export async function readOfferSyncSettings(db: Database, integrationId: bigint): Promise<OfferSyncSettings> {
  const { rows } = await sql<{
    offer_name_prefix: string;
    offer_field_rules: Record<string, unknown>;
    auto_import_offers: boolean;
    default_currency: string;
    now: Date;
  }>`
    SELECT i.offer_name_prefix, i.offer_field_rules, i.auto_import_offers, st.default_currency,
      clock_timestamp() AS now
    FROM integrations i
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    WHERE i.id = ${integrationId}`.execute(db);
  const row = rows[0];
  if (!row) throw new Error(`The integration ${toPublicId('integration', integrationId)} is missing`);
  return {
    namePrefix: row.offer_name_prefix,
    rules: offerFieldRules(row.offer_field_rules),
    autoImport: row.auto_import_offers,
    defaultCurrency: row.default_currency,
    now: row.now,
  };
}

export interface ImportedOffer extends KeptOffer {
  readonly id: bigint;
  readonly state: RecordedOffer;
  /** What the catalogue says; null when it never held the offer. */
  readonly told: CatalogueOffer | null;
  /** Complete catalogues in a row without it. */
  readonly missedCatalogues: number;
}

type JoinedRow = OfferStateRow & { [Column in keyof CatalogueStateRow]: CatalogueStateRow[Column] | null };

function importedOfferOfRow(row: JoinedRow): ImportedOffer {
  return {
    ...keptOfferOfRow(row),
    id: row.id,
    told: row.c_external_id === null ? null : catalogueOfferOfRow(row as CatalogueStateRow),
    missedCatalogues: row.c_missed_catalogues ?? 0,
  };
}

/** The next imported offers of an integration, by id, each beside its entry in the catalogue. */
export async function readImportedOffers(
  db: Database,
  options: { integrationId: bigint; after: bigint; offersMax: number },
): Promise<ImportedOffer[]> {
  const { rows } = await sql<JoinedRow>`
    SELECT ${OFFER_STATE}, ${CATALOGUE_STATE}
    FROM offers o
    LEFT JOIN catalogue_offers c ON c.integration_id = o.integration_id AND c.external_id = o.external_id
    WHERE o.integration_id = ${options.integrationId} AND o.external_id IS NOT NULL AND o.id > ${options.after}
    ORDER BY o.id LIMIT ${options.offersMax}`.execute(db);
  return rows.map(importedOfferOfRow);
}

/**
 * The same for offers that are going to be changed, locked: a person's edit at the same time either is seen here or
 * waits. Only these are locked, since a lock is a write too (law 6).
 */
export async function lockImportedOffers(tx: Tx, ids: readonly bigint[]): Promise<ImportedOffer[]> {
  await sql`SELECT 1 FROM offers WHERE id = ANY(${ids}::bigint[]) ORDER BY id FOR UPDATE`.execute(tx);
  const { rows } = await sql<JoinedRow>`
    SELECT ${OFFER_STATE}, ${CATALOGUE_STATE}
    FROM offers o
    LEFT JOIN catalogue_offers c ON c.integration_id = o.integration_id AND c.external_id = o.external_id
    WHERE o.id = ANY(${ids}::bigint[]) ORDER BY o.id`.execute(tx);
  return rows.map(importedOfferOfRow);
}

/** Offers of the catalogue by their ids, with whether they are imported already. */
export async function readCatalogueOffers(
  db: Database,
  integrationId: bigint,
  externalIds: readonly string[],
): Promise<{ offer: CatalogueOffer; imported: boolean; missedCatalogues: number }[]> {
  const { rows } = await sql<CatalogueStateRow & { imported: boolean }>`
    SELECT ${CATALOGUE_STATE}, o.id IS NOT NULL AS imported
    FROM catalogue_offers c
    LEFT JOIN offers o ON o.integration_id = c.integration_id AND o.external_id = c.external_id
    WHERE c.integration_id = ${integrationId} AND c.external_id = ANY(${externalIds}::text[])
    ORDER BY c.external_id`.execute(db);
  return rows.map((row) => ({
    offer: catalogueOfferOfRow(row),
    imported: row.imported,
    missedCatalogues: row.c_missed_catalogues,
  }));
}

/** Offers that a run saw active for the first time and that nobody imported. */
export async function readNewlyActive(
  db: Database,
  options: { integrationId: bigint; runId: bigint; offersMax: number },
): Promise<CatalogueOffer[]> {
  const { rows } = await sql<CatalogueStateRow>`
    SELECT ${CATALOGUE_STATE} FROM catalogue_offers c
    WHERE c.integration_id = ${options.integrationId} AND c.first_active_run_id = ${options.runId}
      AND lower(c.tune_status COLLATE "C") = 'active' AND NOT c.is_expired AND coalesce(c.expires_at > now(), true)
      AND NOT EXISTS (SELECT 1 FROM offers o
        WHERE o.integration_id = c.integration_id AND o.external_id = c.external_id)
    ORDER BY c.external_id LIMIT ${options.offersMax}`.execute(db);
  return rows.map(catalogueOfferOfRow);
}
