import { sql } from 'kysely';
import { offerChanges, type CatalogueOffer, type OfferField, type RecordedOffer } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { recordOfferChanges } from './offer-history.js';
import { catalogueOfferOfRow, CATALOGUE_STATE, recordOfState, type CatalogueStateRow } from './offer-rows.js';
import { findOffer, type OfferRow } from './offers-read.js';

/** Stores an offer that a person made. Null when the integration has one with this id of the network already. */
export async function insertOffer(
  tx: Tx,
  offer: {
    integrationId: bigint;
    externalId: string | null;
    state: RecordedOffer;
    editedFields: readonly OfferField[];
    changedBy: string | null;
  },
): Promise<OfferRow | null> {
  const { integrationId, externalId, state, editedFields, changedBy } = offer;
  const added = await tx
    .insertInto('offers')
    .values({
      ...recordOfState(state),
      integration_id: integrationId,
      external_id: externalId,
      click_window_days: state.clickWindowDays,
      edited_fields: [...editedFields],
      made_by_hand: true,
    })
    .onConflict((conflict) => conflict.constraint('offers_external').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added === undefined) return null;
  const changes = offerChanges(null, state);
  await recordOfferChanges(tx, [{ offerId: added.id, cause: 'created', runId: null, changedBy, changes }]);
  return findOffer(tx, added.id);
}

/** Locks an offer against other changes and reads it. */
export async function lockOffer(tx: Tx, offerId: bigint): Promise<OfferRow | null> {
  await sql`SELECT 1 FROM offers WHERE id = ${offerId} FOR UPDATE`.execute(tx);
  return findOffer(tx, offerId);
}

/** Changes a locked offer as a person asked, with its history. Nothing is written when nothing differs. */
export async function editOffer(
  tx: Tx,
  edit: {
    offerId: bigint;
    before: RecordedOffer;
    after: RecordedOffer;
    editedFields: readonly OfferField[];
    changedBy: string | null;
  },
): Promise<void> {
  const { offerId, before, after, editedFields, changedBy } = edit;
  await tx
    .updateTable('offers')
    .set({
      ...recordOfState(after),
      click_window_days: after.clickWindowDays,
      edited_fields: [...editedFields],
      updated_at: sql<Date>`now()`,
      ...(before.payout === after.payout && before.currency === after.currency
        ? {}
        : { payout_since: sql<Date>`now()` }),
    })
    .where('id', '=', offerId)
    .execute();
  const changes = offerChanges(before, after);
  if (Object.keys(changes).length === 0) return;
  await recordOfferChanges(tx, [{ offerId, cause: 'edit', runId: null, changedBy, changes }]);
}

/** What the catalogue says of an offer; null when the last complete one does not hold it. */
export async function findCatalogueOffer(
  tx: Tx,
  integrationId: bigint,
  externalId: string,
): Promise<CatalogueOffer | null> {
  const { rows } = await sql<CatalogueStateRow>`
    SELECT ${CATALOGUE_STATE} FROM catalogue_offers c
    WHERE c.integration_id = ${integrationId} AND c.external_id = ${externalId}
      AND c.missed_catalogues = 0`.execute(tx);
  return rows[0] === undefined ? null : catalogueOfferOfRow(rows[0]);
}
