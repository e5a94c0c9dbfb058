/** A network of the demo: how it is simulated, and how an integration with it is set up. */
export interface DemoNetwork {
  readonly spec: {
    readonly id: string;
    readonly token: string;
    readonly timeZone: string;
    readonly currencies: readonly string[];
    readonly seed: number;
    readonly offers: readonly { readonly id: string; readonly name: string; readonly [field: string]: unknown }[];
  };
  readonly affiliateId: string;
  readonly messageIdField: string;
  /** Where the network tells our click id: its own field, or the transaction id where it runs behind our clicks. */
  readonly clickIdField: string;
}

/** Two networks that differ in what matters: zone, currencies, and where the ids of messages and clicks stand. */
export const DEMO_NETWORKS: readonly DemoNetwork[] = [
  {
    spec: {
      id: 'northwind',
      token: 'NETnorthwind-demo-token',
      timeZone: 'America/New_York',
      currencies: ['USD'],
      seed: 11,
      offers: [
        { id: '101', name: 'Garden Box', defaultPayout: '12.50000', advertiserId: '500' },
        {
          id: '102',
          name: 'Night Bus – Signup & Sale',
          defaultPayout: '3.00000',
          advertiserId: '501',
          goals: [{ id: '47', name: 'SALE', payout: '21.75000' }],
        },
        {
          id: '103',
          name: 'Slow Coffee',
          payoutType: 'cpa_percentage',
          percentPayout: '10.50',
          defaultPayout: '4.20000',
        },
        { id: '104', name: 'Old Shoes', status: 'paused', defaultPayout: '9.00000' },
      ],
    },
    affiliateId: '1002',
    messageIdField: 'aff_sub',
    clickIdField: 'affiliate_click_id',
  },
  {
    spec: {
      id: 'alpenglow',
      token: 'NETalpenglow-demo-token',
      timeZone: 'Europe/Prague',
      currencies: ['EUR', 'CZK'],
      seed: 12,
      offers: [
        { id: '7', name: 'Mountain Tea', defaultPayout: '8.40000' },
        { id: '8', name: 'Tram Pass', defaultPayout: '61.00000', currency: 'CZK' },
        { id: '9', name: 'Quiet Hotels', defaultPayout: '33.33333' },
      ],
    },
    affiliateId: '1002',
    messageIdField: 'affiliate_unique1',
    clickIdField: 'ad_id',
  },
];
