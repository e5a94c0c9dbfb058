import { isCurrencyCode, parseAmountE5, type AmountE5 } from './money.js';
import { storableText } from './storable-text.js';

/** An offer as the client of the network reads it: texts unchanged, "none" in all its spellings null. */
export interface OfferAsTold {
  readonly externalId: string;
  readonly name: string;
  readonly tuneStatus: string;
  readonly offerUrl: string | null;
  readonly defaultPayout: string | null;
  readonly percentPayout: string | null;
  readonly payoutType: string | null;
  readonly currency: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
}

/** An offer of the catalogue: the network's own words, its amounts exact. */
export interface CatalogueOffer {
  readonly externalId: string;
  readonly name: string;
  readonly tuneStatus: string;
  readonly offerUrl: string | null;
  readonly defaultPayout: AmountE5 | null;
  readonly percentPayout: AmountE5 | null;
  readonly payoutType: string | null;
  /** null: the network's default currency. */
  readonly currency: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
}

const orNull = (text: string | null): string | null => (text === null || text === '' ? null : storableText(text));

/** Longer ids are nobody's. PostgreSQL's keys hold no long texts either. */
const EXTERNAL_ID_LENGTH_MAX = 128;

/**
 * Reads a network's offer for the catalogue. `unreadableAmounts` counts amounts that are there and cannot be read
 * exactly: they are left out, never guessed. Null for an id that nothing can be done with.
 */
export function readCatalogueOffer(told: OfferAsTold): { offer: CatalogueOffer; unreadableAmounts: number } | null {
  const externalId = storableText(told.externalId.trim());
  if (externalId === '' || externalId.length > EXTERNAL_ID_LENGTH_MAX) return null;
  const amounts = [told.defaultPayout, told.percentPayout].map((text) => orNull(text?.trim() ?? null));
  const [defaultPayout = null, percentPayout = null] = amounts.map((text) => text && parseAmountE5(text)) as (
    AmountE5 | null | undefined
  )[];
  const currency = told.currency?.trim().toUpperCase() ?? '';
  return {
    offer: {
      externalId,
      name: storableText(told.name),
      tuneStatus: storableText(told.tuneStatus),
      offerUrl: orNull(told.offerUrl),
      defaultPayout,
      percentPayout,
      payoutType: orNull(told.payoutType),
      currency: isCurrencyCode(currency) ? currency : null,
      advertiserId: orNull(told.advertiserId),
      advertiserName: orNull(told.advertiserName),
    },
    unreadableAmounts: amounts.filter((text) => text !== null && parseAmountE5(text) === null).length,
  };
}
