import type { SubIdField } from './text-fields.js';

export const STATUSES = ['approved', 'pending', 'rejected'] as const;
export type Status = (typeof STATUSES)[number];

/** A conversion as the simulated network knows it. Times are network-local texts, amounts decimal texts. */
export interface Conversion {
  readonly tuneEventId: string;
  /** null: created by API, without a click (quirk 22). */
  readonly adId: string | null;
  readonly affiliateId: string;
  readonly offerId: string;
  /** `0`: the offer's default goal. */
  readonly goalId: string;
  readonly datetime: string;
  readonly status: Status;
  readonly statusCode: number;
  readonly isAdjustment: boolean;
  /** In `currency`. */
  readonly payout: string;
  readonly currency: string;
  readonly subIds: Readonly<Partial<Record<SubIdField, string>>>;
  /** The message that should earn it, where it was planted with one. */
  readonly expectedMessageId: string | null;
  /** Its row in the report cannot be read, so that no books can hold it. */
  readonly unreadable: boolean;
}

/** A conversion to be added; what is left out is made up or taken from the network's defaults. */
export interface NewConversion {
  readonly datetime: string;
  readonly offerId?: string;
  readonly affiliateId?: string;
  readonly goalId?: string;
  /** Default: made up. null: none. */
  readonly adId?: string | null;
  readonly status?: Status;
  readonly statusCode?: number;
  readonly isAdjustment?: boolean;
  readonly payout?: string;
  readonly currency?: string;
  readonly subIds?: Readonly<Partial<Record<SubIdField, string>>>;
  readonly expectedMessageId?: string | null;
  /** Added by hand: `Conversion::findAddedConversions` tells of it. */
  readonly byHand?: boolean;
  /** Report fields that are sent as given, e.g. `{ 'Stat.payout': 'abc' }`. */
  readonly raw?: Readonly<Record<string, unknown>>;
  /** Set it with a `raw` that nothing can be made of: the books then leave the conversion out. */
  readonly unreadable?: boolean;
}

/** What a manager may change later; the time stays as it was (quirk 24). */
export interface ConversionChange {
  readonly status?: Status;
  readonly payout?: string;
  readonly currency?: string;
  /** `null` takes a wrong row back to what it should say. */
  readonly raw?: Readonly<Record<string, unknown>> | null;
  readonly unreadable?: boolean;
}

/** Employee, affiliate and debug tests (quirk 23). */
export function isTest(statusCode: number): boolean {
  return statusCode >= 21 && statusCode <= 23;
}
