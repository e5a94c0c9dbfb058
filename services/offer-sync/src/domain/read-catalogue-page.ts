import { readCatalogueOffer, type CatalogueOffer, type OfferAsTold } from '@trackly-tune/domain';

export interface ReadCataloguePage {
  /** At most one per id: of several the last one counts. */
  readonly offers: readonly CatalogueOffer[];
  readonly unreadable: number;
  /** Amounts that are there and cannot be read exactly; the offers are kept without them. */
  readonly unreadableAmounts: number;
}

/** Reads what a page of the network's offers says. `timeZone` is the network's. */
export function readCataloguePage(
  { offers: told, unreadable }: { readonly offers: readonly OfferAsTold[]; readonly unreadable: number },
  timeZone: string,
): ReadCataloguePage {
  const offers = new Map<string, CatalogueOffer>();
  let withoutId = unreadable;
  let unreadableAmounts = 0;
  for (const one of told) {
    const read = readCatalogueOffer(one, timeZone);
    if (read === null) withoutId += 1;
    else {
      offers.set(read.offer.externalId, read.offer);
      unreadableAmounts += read.unreadableAmounts;
    }
  }
  return { offers: [...offers.values()], unreadable: withoutId, unreadableAmounts };
}
