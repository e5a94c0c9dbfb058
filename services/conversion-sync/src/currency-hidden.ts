import { CodedError } from '@trackly-tune/domain';
import { CURRENCY_FIELD } from './domain/report-fields.js';

/** The network has several currencies and hides which one a row is in: guessing would move money. */
export class CurrencyHiddenError extends CodedError<'required_field_forbidden'> {
  constructor() {
    super(
      'required_field_forbidden',
      `The network runs several currencies and forbids ${CURRENCY_FIELD}: ask it to allow this field for the API key`,
      { advice: 'never' },
    );
  }
}
