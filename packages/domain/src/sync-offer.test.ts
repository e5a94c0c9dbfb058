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
  expirationDate: null,
  expiresAt: null,
  isExpired: false,
};
const ZONE = 'America/New_York';
const NOW = new Date('2026-05-10T12:00:00Z');
const OPTIONS = { namePrefix: 'N: ', defaultCurrency: 'EUR', now: NOW };

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
    expirationDate: '0000-00-00 00:00:00',
    isExpired: false,
  };
  const readOffer = (changes: Partial<Parameters<typeof readCatalogueOffer>[0]>) =>
    readCatalogueOffer({ ...told, ...changes }, ZONE);

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

  const past = new Date('2026-05-10T11:59:59Z');
  test.each<[string, Partial<CatalogueOffer>, string]>([
    ['active and past its expiration', { tuneStatus: 'active', expiresAt: past }, 'expired'],
    ['pending and past its expiration', { tuneStatus: 'pending', expiresAt: past }, 'expired'],
    ['paused and past its expiration', { tuneStatus: 'Paused', expiresAt: past }, 'expired'],
    ['active at the very moment', { tuneStatus: 'active', expiresAt: NOW }, 'expired'],
    ['active and said to be over', { tuneStatus: 'active', isExpired: true }, 'expired'],
    ['said to be over before its time', { expiresAt: new Date('2030-01-01'), isExpired: true }, 'expired'],
    ['deleted, past its expiration and over', { tuneStatus: 'deleted', expiresAt: past, isExpired: true }, 'archived'],
    ['active and ends later', { tuneStatus: 'active', expiresAt: new Date('2026-05-10T12:00:01Z') }, 'active'],
    ['pending and ends later', { tuneStatus: 'pending', expiresAt: new Date('2030-01-01') }, 'paused'],
  ])('that is %s', (_title, changes, status) => {
    const offer = { ...TOLD, ...changes };
    const { tuneStatus, expiresAt } = offer;
    expect(offerFromCatalogue(offer, OPTIONS)).toMatchObject({ status, tuneStatus, expiresAt });
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
      expiresAt: null,
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
    expect(readCatalogueOffer(told, ZONE)).toMatchObject({
      offer: { defaultPayout: null, percentPayout: null },
      unreadableAmounts: 1,
    });
  });
});
