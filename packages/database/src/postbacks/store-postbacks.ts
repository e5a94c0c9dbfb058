import { sql } from 'kysely';
import { CodedError, postbackKey, type PostbackRefusal, type SaidByPostback } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { contentHash } from '../connection/content-hash.js';
import { recordset } from '../connection/recordset.js';

/** A delivery with a valid secret, ready to be stored. */
export interface PostbackDelivery {
  readonly offerId: bigint;
  /** What makes a second delivery the same; null for one that was refused, which is kept each time. */
  readonly identity: string | null;
  readonly recordKey: string | null;
  readonly refusal: PostbackRefusal | null;
  readonly said: object;
  readonly currency: string | null;
}

/** Names what was said: its record, and within the record its state. Hashes, since the values have no bounds. */
export function acceptedDelivery(offerId: bigint, said: SaidByPostback): PostbackDelivery {
  const recordKey = contentHash(postbackKey(offerId, said));
  const identity = contentHash([recordKey, said.status]);
  return { offerId, identity, recordKey, refusal: null, said, currency: said.currency };
}

/** A delivery that cannot be used: kept in the inbound log with the reason. */
export function refusedDelivery(offerId: bigint, parameters: object, refusal: PostbackRefusal): PostbackDelivery {
  return { offerId, identity: null, recordKey: null, refusal, said: parameters, currency: null };
}

/** An offer is gone that was there a moment ago; nothing of the batch was stored. */
export class PostbackOfferGoneError extends CodedError<'postback_offer_gone'> {
  constructor(message: string) {
    super('postback_offer_gone', message, { advice: 'retry' });
  }
}

const COLUMNS = `no integer, offer_id bigint, identity text, record_key text, refused_code text, refused_reason text,
  said jsonb, currency text`;

/**
 * Stores deliveries by one statement, which is one transaction: what it returns is durable. Pins what is in force:
 * the settings version, the click window, the currency. Tells, in the order given, which were new; of equal ones in
 * one call the first is. Identities are sorted, since two batches in different orders would wait for each other.
 */
export async function storePostbacks(db: Database, deliveries: readonly PostbackDelivery[]): Promise<boolean[]> {
  const seen = new Set<string>();
  const fresh = deliveries.map(({ identity }) => {
    if (identity === null) return true;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
  const records = deliveries.flatMap((delivery, no) =>
    fresh[no] === true
      ? [
          {
            no,
            offer_id: delivery.offerId,
            identity: delivery.identity,
            record_key: delivery.recordKey,
            refused_code: delivery.refusal?.code ?? null,
            refused_reason: delivery.refusal?.reason ?? null,
            said: delivery.said,
            currency: delivery.currency,
          },
        ]
      : [],
  );
  if (records.length === 0) return [];
  const { rows } = await sql<{ known: number; stored: string[] | null }>`
    WITH r AS MATERIALIZED (
      SELECT r.*, o.integration_id, coalesce(o.external_id, 'ofr_' || o.id) AS offer_key, i.settings_version,
        coalesce(o.click_window_days, s.click_window_days) AS click_window_days,
        coalesce(r.currency, o.currency, s.default_currency) AS in_currency
      FROM ${recordset(records, COLUMNS)}
      JOIN offers o ON o.id = r.offer_id
      JOIN integrations i ON i.id = o.integration_id
      JOIN integration_settings s ON s.integration_id = i.id AND s.version = i.settings_version
    ), added AS (
      INSERT INTO postbacks (integration_id, offer_id, identity, record_key, refused_code, refused_reason, said,
        settings_version, click_window_days, offer_key, currency)
      SELECT integration_id, offer_id, decode(identity, 'hex'), decode(record_key, 'hex'), refused_code,
        refused_reason, said, settings_version, click_window_days, offer_key, in_currency
      FROM r ORDER BY identity COLLATE "C", no
      ON CONFLICT (identity) DO NOTHING
      RETURNING identity
    )
    SELECT (SELECT count(*)::int FROM r) AS known,
      (SELECT array_agg(encode(identity, 'hex')) FROM added WHERE identity IS NOT NULL) AS stored`.execute(db);
  const { known, stored } = rows[0] ?? { known: 0, stored: null };
  if (known !== records.length) throw new PostbackOfferGoneError('An offer that a postback names is gone');
  const added = new Set(stored ?? []);
  return deliveries.map(({ identity }, no) => fresh[no] === true && (identity === null || added.has(identity)));
}
