import { currencyCodeOf, isKnownCurrency } from './currency.js';
import { readExpiration } from './expiration.js';
import { parseAmountE5, type AmountE5 } from './money.js';
import { filledText } from './read-id.js';
import { storableText } from './storable-text.js';

/** An offer as the client of the network reads it: texts unchanged, "none" in all its spellings null. */
export interface OfferAsTold {
  readonly externalId: string;
  readonly name: string | null;
  readonly tuneStatus: string;
  readonly offerUrl: string | null;
  readonly defaultPayout: string | null;
  readonly percentPayout: string | null;
  readonly payoutType: string | null;
  readonly currency: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
  /** Local to the network. */
  readonly expirationDate: string | null;
  /** The network says that it is over. */
  readonly isExpired: boolean;
}

/** An offer of the catalogue: the network's own words, its amounts exact. */
export interface CatalogueOffer {
  readonly externalId: string;
  /** null: the network gave it none; see `shownOfferName`. */
  readonly name: string | null;
  readonly tuneStatus: string;
  readonly offerUrl: string | null;
  readonly defaultPayout: AmountE5 | null;
  readonly percentPayout: AmountE5 | null;
  readonly payoutType: string | null;
  /** null: the network's default currency. */
  readonly currency: string | null;
  readonly advertiserId: string | null;
  readonly advertiserName: string | null;
  /** The network's local text of `expiresAt`; null where it has none that could be read. */
  readonly expirationDate: string | null;
  readonly expiresAt: Date | null;
  /** The network says that it is over, whatever its expiration is. */
  readonly isExpired: boolean;
}

const orNull = (text: string | null): string | null => (text === null || text === '' ? null : storableText(text));

/** Longer ids are nobody's. PostgreSQL's keys hold no long texts either. */
const EXTERNAL_ID_LENGTH_MAX = 128;

/** What an offer is called where its network gave it no name. */
export function shownOfferName(offer: Pick<CatalogueOffer, 'externalId' | 'name'>): string {
  return offer.name ?? `Offer ${offer.externalId}`;
}

/**
 * Reads a network's offer for the catalogue. `unreadableAmounts` counts amounts that are there and cannot be read
 * exactly, are too large, or stand in a currency that does not exist: they are left out, never guessed. Null for an id
 * that nothing can be done with.
 *
 * @param timeZone the network's, in which it tells when an offer expires
 */
export function readCatalogueOffer(
  told: OfferAsTold,
  timeZone: string,
): { offer: CatalogueOffer; unreadableAmounts: number } | null {
  const externalId = storableText(told.externalId.trim());
  if (externalId === '' || externalId.length > EXTERNAL_ID_LENGTH_MAX) return null;
  const currency = currencyCodeOf(told.currency);
  const isCurrencyUsable = currency === null || isKnownCurrency(currency);
  const payoutText = filledText(told.defaultPayout);
  const percentText = filledText(told.percentPayout);
  const defaultPayout = payoutText === null || !isCurrencyUsable ? null : parseAmountE5(payoutText);
  const percentPayout = percentText === null ? null : parseAmountE5(percentText);
  const expiration = readExpiration(told.expirationDate, timeZone);
  return {
    offer: {
      externalId,
      name: orNull(told.name),
      tuneStatus: storableText(told.tuneStatus),
      offerUrl: orNull(told.offerUrl),
      defaultPayout,
      percentPayout,
      payoutType: orNull(told.payoutType),
      currency: isCurrencyUsable ? currency : null,
      advertiserId: orNull(told.advertiserId),
      advertiserName: orNull(told.advertiserName),
      expirationDate: expiration?.text ?? null,
      expiresAt: expiration?.at ?? null,
      isExpired: told.isExpired,
    },
    unreadableAmounts:
      Number(payoutText !== null && defaultPayout === null) + Number(percentText !== null && percentPayout === null),
  };
}
