import { READINGS_MAX } from '@trackly-tune/domain';

/** A whole catalogue holds no offer although there were some: nothing is changed by it until a person says so. */
export class CatalogueEmptyError extends Error {
  readonly code = 'catalogue_empty';
  readonly advice = 'retry';
  /** For the integration's log. */
  readonly context: Readonly<Record<string, number>>;

  constructor({ offersBefore, reading }: { readonly offersBefore: number; readonly reading: number }) {
    super(
      `The catalogue is empty although it held ${offersBefore} offers before; nothing was changed ` +
        `(reading ${reading} of ${READINGS_MAX}). Look whether the API key still sees its offers; if the network has ` +
        'none any more, start an offer sync with {"accept_empty": true}',
    );
    this.name = 'CatalogueEmptyError';
    this.context = { offers_before: offersBefore, reading };
  }
}
