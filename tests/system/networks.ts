import type { NetworkSpec, PlantOptions, SubIdField, TextField } from '@trackly-tune/tune-simulator';

/** A simulated network, and how an integration with it is set up. */
export interface NetworkPlan {
  readonly spec: NetworkSpec & { readonly id: string; readonly token: string };
  readonly affiliateId: string;
  readonly messageIdField: SubIdField;
  readonly clickIdField: TextField;
}

/** Networks that differ in what matters: zone, currencies, and where the ids of messages and clicks stand. */
export const NETWORKS: readonly NetworkPlan[] = [
  {
    spec: { id: 'northwind', token: 'NETnorthwind+tok/en=1', timeZone: 'America/New_York', seed: 11 },
    affiliateId: '1002',
    messageIdField: 'aff_sub',
    clickIdField: 'affiliate_click_id',
  },
  {
    spec: {
      id: 'alpenglow',
      token: 'NETalpenglow%tok&en2',
      timeZone: 'Europe/Prague',
      currencies: ['EUR', 'CZK'],
      spelling: 'every',
      seed: 12,
      offers: [
        { id: '7', name: 'Mountain Tea', defaultPayout: '8.40000' },
        { id: '8', name: 'Tram Pass', defaultPayout: '61.00000', currency: 'CZK' },
        {
          id: '9',
          name: 'Quiet Hotels',
          defaultPayout: '33.33333',
          goals: [{ id: '3', name: 'STAY', payout: '5.00001' }],
        },
      ],
    },
    affiliateId: '1002',
    messageIdField: 'affiliate_unique1',
    clickIdField: 'ad_id',
  },
];

/** Another zone, with half an hour in it, and messages in the source. */
export const THIRD_NETWORK: NetworkPlan = {
  spec: { id: 'monsoon', token: 'NETmonsoon-3', timeZone: 'Asia/Kolkata', currencies: ['INR', 'USD'], seed: 13 },
  affiliateId: '1003',
  messageIdField: 'source',
  clickIdField: 'affiliate_click_id',
};

/** Every kind of conversion that books must tell apart. */
export const SHARES: NonNullable<PlantOptions['shares']> = {
  pending: 0.1,
  rejected: 0.06,
  test: 0.04,
  adjustment: 0.04,
  emptyAdId: 0.03,
  sameClick: 0.06,
  withoutIds: 0.05,
  foreignIds: 0.04,
  otherAffiliates: 0.1,
  unreadable: 0.01,
};

/** The day so many days ago, as networks write days. */
export const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
