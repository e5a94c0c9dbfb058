import { NotWholeError, READINGS_MAX } from '@trackly-tune/sync-engine';

/** A whole catalogue holds no offer although there were some: nothing is changed by it until a person says so. */
export class CatalogueEmptyError extends NotWholeError<'catalogue_empty'> {
  readonly needsPerson = true;

  constructor({ offersBefore, reading }: { readonly offersBefore: number; readonly reading: number }) {
    super(
      'catalogue_empty',
      `The catalogue is empty although it held ${offersBefore} offers before; nothing was changed ` +
        `(reading ${reading} of ${READINGS_MAX}). Look whether the API key still sees its offers; if the network has ` +
        'none any more, start an offer sync with {"accept_empty": true}',
      { offers_before: offersBefore, reading },
    );
  }
}
