import { readCatalogueOffer, type CatalogueOffer, type OfferAsTold } from '@trackly-tune/domain';

export interface ReadCataloguePage {
  /** At most one per id: of several the last one counts. */
  readonly offers: readonly CatalogueOffer[];
  readonly unreadable: number;
  /** Amounts that are there and cannot be read exactly; the offers are kept without them. */
  readonly unreadableAmounts: number;
}

/** Reads what a page of the network's offers says. */
export function readCataloguePage(told: readonly OfferAsTold[], unreadable: number): ReadCataloguePage {
  const offers = new Map<string, CatalogueOffer>();
  let withoutId = unreadable;
  let unreadableAmounts = 0;
  for (const one of told) {
    const read = readCatalogueOffer(one);
    if (read === null) withoutId += 1;
    else {
      offers.set(read.offer.externalId, read.offer);
      unreadableAmounts += read.unreadableAmounts;
    }
  }
  return { offers: [...offers.values()], unreadable: withoutId, unreadableAmounts };
}

/**
 * Whether the catalogue ends with this page. `pageCount` decides where it is given; where it is missing the pages end
 * with an empty one or one that brings nothing new (TUNE quirk 9).
 */
export function isLastCataloguePage(page: {
  readonly page: number;
  readonly pageCount: number | null;
  readonly entries: number;
  readonly newOffers: number;
}): boolean {
  if (page.entries === 0) return true;
  if (page.pageCount !== null && page.pageCount > 0) return page.page >= page.pageCount;
  return page.newOffers === 0;
}

/** Why a catalogue that was read to its end does not count as complete; null when it does. */
export function incompleteBecause(catalogue: {
  readonly seen: number;
  readonly unreadable: number;
  /** How many offers the network says there are; null when it does not. */
  readonly count: number | null;
}): string | null {
  if (catalogue.unreadable > 0) return `${catalogue.unreadable} entries had no id`;
  if (catalogue.count !== null && catalogue.seen < catalogue.count) {
    return `it counts ${catalogue.count} offers and showed ${catalogue.seen}`;
  }
  return null;
}
