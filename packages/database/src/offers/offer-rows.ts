import { sql } from 'kysely';
import type {
  CatalogueOffer,
  KeptOffer,
  OfferField,
  OfferState,
  OfferStatus,
  RecordedOffer,
} from '@trackly-tune/domain';

/** The columns of an offer that its state is read from; `o` is the table. */
export const OFFER_STATE = sql.raw(`o.id, o.external_id, o.name, o.tracking_url, o.payout_e5, o.payout_percent_e5,
  o.currency, o.payout_type, o.advertiser_id, o.advertiser_name, o.status, o.tune_status, o.click_window_days,
  o.edited_fields, o.vanished_at, o.status_before_vanished, o.expires_at`);

export interface OfferStateRow {
  readonly id: bigint;
  readonly external_id: string | null;
  readonly name: string;
  readonly tracking_url: string;
  readonly payout_e5: bigint | null;
  readonly payout_percent_e5: bigint | null;
  readonly currency: string | null;
  readonly payout_type: string | null;
  readonly advertiser_id: string | null;
  readonly advertiser_name: string | null;
  readonly status: OfferStatus;
  readonly tune_status: string | null;
  readonly click_window_days: number | null;
  readonly edited_fields: OfferField[];
  readonly vanished_at: Date | null;
  readonly status_before_vanished: OfferStatus | null;
  readonly expires_at: Date | null;
}

export function stateOfRow(row: OfferStateRow): RecordedOffer {
  return {
    name: row.name,
    trackingUrl: row.tracking_url,
    payout: row.payout_e5,
    payoutPercent: row.payout_percent_e5,
    currency: row.currency,
    payoutType: row.payout_type,
    advertiserId: row.advertiser_id,
    advertiserName: row.advertiser_name,
    status: row.status,
    tuneStatus: row.tune_status,
    expiresAt: row.expires_at,
    clickWindowDays: row.click_window_days,
  };
}

export function keptOfferOfRow(row: OfferStateRow): KeptOffer & { state: RecordedOffer } {
  return {
    state: stateOfRow(row),
    editedFields: row.edited_fields,
    vanished: row.vanished_at !== null,
    statusBeforeVanished: row.status_before_vanished,
  };
}

/** The columns of a catalogue offer; `c` is the table. Names do not meet those of an offer. */
export const CATALOGUE_STATE = sql.raw(`c.external_id AS c_external_id, c.name AS c_name,
  c.tune_status AS c_tune_status, c.offer_url AS c_offer_url, c.default_payout_e5 AS c_default_payout_e5,
  c.percent_payout_e5 AS c_percent_payout_e5, c.payout_type AS c_payout_type, c.currency AS c_currency,
  c.advertiser_id AS c_advertiser_id, c.advertiser_name AS c_advertiser_name,
  c.expiration_date AS c_expiration_date, c.expires_at AS c_expires_at, c.is_expired AS c_is_expired,
  c.missed_catalogues AS c_missed_catalogues`);

export interface CatalogueStateRow {
  readonly c_external_id: string;
  readonly c_name: string;
  readonly c_tune_status: string;
  readonly c_offer_url: string | null;
  readonly c_default_payout_e5: bigint | null;
  readonly c_percent_payout_e5: bigint | null;
  readonly c_payout_type: string | null;
  readonly c_currency: string | null;
  readonly c_advertiser_id: string | null;
  readonly c_advertiser_name: string | null;
  readonly c_expiration_date: string | null;
  readonly c_expires_at: Date | null;
  readonly c_is_expired: boolean;
  readonly c_missed_catalogues: number;
}

export function catalogueOfferOfRow(row: CatalogueStateRow): CatalogueOffer {
  return {
    externalId: row.c_external_id,
    // The column holds no null; a network that gives an offer no name is kept as an empty one.
    name: row.c_name === '' ? null : row.c_name,
    tuneStatus: row.c_tune_status,
    offerUrl: row.c_offer_url,
    defaultPayout: row.c_default_payout_e5,
    percentPayout: row.c_percent_payout_e5,
    payoutType: row.c_payout_type,
    currency: row.c_currency,
    advertiserId: row.c_advertiser_id,
    advertiserName: row.c_advertiser_name,
    expirationDate: row.c_expiration_date,
    expiresAt: row.c_expires_at,
    isExpired: row.c_is_expired,
  };
}

/** A state as the columns that keep it, for `recordset`. */
export function recordOfState(state: OfferState) {
  return {
    name: state.name,
    tracking_url: state.trackingUrl,
    payout_e5: state.payout,
    payout_percent_e5: state.payoutPercent,
    currency: state.currency,
    payout_type: state.payoutType,
    advertiser_id: state.advertiserId,
    advertiser_name: state.advertiserName,
    status: state.status,
    tune_status: state.tuneStatus,
    expires_at: state.expiresAt,
  };
}

export const STATE_COLUMNS = `name text, tracking_url text, payout_e5 bigint, payout_percent_e5 bigint, currency text,
  payout_type text, advertiser_id text, advertiser_name text, status text, tune_status text,
  expires_at timestamptz`;
