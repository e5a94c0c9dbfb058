import { describe, expect, test } from '@jest/globals';
import type { CatalogueOffer } from './catalogue-offer.js';
import { readCatalogueOffer } from './catalogue-offer.js';
import { DEFAULT_OFFER_FIELD_RULES, offerFieldRules } from './offer-fields.js';
import { importedOffer, offerFromCatalogue } from './sync-offer.js';

const TOLD: CatalogueOffer = {
  externalId: '7',
  name: 'Shop',
  tuneStatus: 'active',
  offerUrl: 'http://shop.example.com',
  defaultPayout: 4_000_000n,
  percentPayout: 1_050_000n,
  payoutType: 'cpa_flat',
  currency: null,
  advertiserId: '5',
  advertiserName: 'Ad',
};
const OPTIONS = { namePrefix: 'N: ', defaultCurrency: 'EUR' };

describe('an offer that the network tells of', () => {
  const told = {
    externalId: ' 7\r\n',
    name: null,
    tuneStatus: 'active',
    offerUrl: null,
    defaultPayout: '1.234560',
    percentPayout: null,
    payoutType: 'cpa_flat',
    currency: ' eur ',
    advertiserId: null,
    advertiserName: null,
  };
  const readOffer = (changes: Partial<Parameters<typeof readCatalogueOffer>[0]>) =>
    readCatalogueOffer({ ...told, ...changes });

  test('without a name is called by its id, and a name that stood before stays', () => {
    const offer = readOffer({})!.offer;
    expect(offer).toMatchObject({ externalId: '7', name: null, defaultPayout: 123_456n, currency: 'EUR' });
    expect(offerFromCatalogue(offer, OPTIONS).name).toBe('N: Offer 7');
    expect(offerFromCatalogue(offer, OPTIONS, 'N: Shop').name).toBe('N: Shop');
    for (const nothing of ['', ' ', 'N: ']) expect(offerFromCatalogue(offer, OPTIONS, nothing).name).toBe('N: Offer 7');
    expect(offerFromCatalogue({ ...offer, name: 'New' }, OPTIONS, 'N: Shop').name).toBe('N: New');
  });

  test.each([
    ['999999999999.99999', 99_999_999_999_999_999n, 0],
    ['-999999999999.99999', -99_999_999_999_999_999n, 0],
    ['1000000000000', null, 1],
    ['abc', null, 1],
    ['', null, 0],
  ])('with a payout of %j pays %s', (defaultPayout, units, unreadableAmounts) => {
    expect(readOffer({ defaultPayout })).toMatchObject({ offer: { defaultPayout: units }, unreadableAmounts });
  });

  test('in a currency that does not exist has no payout, since nobody knows of what', () => {
    expect(readOffer({ currency: 'XXQ', percentPayout: '5' })).toMatchObject({
      offer: { currency: null, defaultPayout: null, percentPayout: 500_000n },
      unreadableAmounts: 1,
    });
    expect(readOffer({ currency: '  ' })).toMatchObject({ offer: { currency: null, defaultPayout: 123_456n } });
  });
});

describe('an offer out of the catalogue', () => {
  test.each([
    ['cpa_flat', 4_000_000n, null],
    ['cpc', 4_000_000n, null],
    ['cpm', 4_000_000n, null],
    ['cpa_percentage', null, 1_050_000n],
    ['cpa_both', 4_000_000n, 1_050_000n],
    ['something_new', 4_000_000n, 1_050_000n],
    [null, 4_000_000n, 1_050_000n],
  ])('of the type %s pays what that type says, whatever else TUNE keeps', (payoutType, payout, payoutPercent) => {
    expect(offerFromCatalogue({ ...TOLD, payoutType }, OPTIONS)).toMatchObject({ payout, payoutPercent });
  });

  test.each([
    ['active', 'active'],
    ['paused', 'paused'],
    ['pending', 'paused'],
    ['expired', 'expired'],
    ['deleted', 'archived'],
    ['whatever', 'paused'],
  ])('with the status %s is %s', (tuneStatus, status) => {
    expect(offerFromCatalogue({ ...TOLD, tuneStatus }, OPTIONS)).toMatchObject({ status, tuneStatus });
  });

  test('whose fields are never taken begins empty and paused', () => {
    const never = offerFieldRules(Object.fromEntries(Object.keys(DEFAULT_OFFER_FIELD_RULES).map((f) => [f, 'never'])));
    expect(importedOffer(offerFromCatalogue(TOLD, OPTIONS), never, '7')).toEqual({
      name: 'Offer 7',
      trackingUrl: '',
      payout: null,
      payoutPercent: null,
      currency: 'EUR',
      payoutType: null,
      advertiserId: null,
      advertiserName: null,
      status: 'paused',
      tuneStatus: 'active',
    });
  });

  test('rules that are none are passed over', () => {
    expect(offerFieldRules({ name: 'never', payout: 'sometimes', other: 'first' })).toEqual({
      ...DEFAULT_OFFER_FIELD_RULES,
      name: 'never',
    });
  });

  test('an amount that cannot be read exactly is left out and counted; an empty one is simply none', () => {
    const told = { ...TOLD, defaultPayout: '1.000001', percentPayout: '' };
    expect(readCatalogueOffer(told)).toMatchObject({
      offer: { defaultPayout: null, percentPayout: null },
      unreadableAmounts: 1,
    });
  });
});
