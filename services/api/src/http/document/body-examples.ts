const CONNECTION = {
  account_id: 'acme',
  network_id: 'yournetwork',
  network_token: 'NETyourkey',
  base_url: 'https://clicks.example.com',
  affiliate_id: '1002',
  message_id_field: 'aff_sub',
};

/** A body for each route that takes one, by the route's operation. */
export const BODY_EXAMPLES: Readonly<Record<string, unknown>> = {
  buildOfferLinks: { records: [{ message_id: 'Ab3dEf9h', click_id: 'c-1' }] },
  cancelSyncRun: {},
  changeIntegration: { name: 'Your network, East', click_window_days: 30 },
  changeOffer: { payout: '11.00', reset_fields: ['name'] },
  changePostbackConfig: { extra_parameters: { source: 'trackly' } },
  createIntegration: { ...CONNECTION, name: 'Your network' },
  createOffer: {
    integration_id: 'int_1',
    name: 'Green tea',
    tracking_url: 'https://clicks.example.com/aff_c?offer_id=7&aff_id=1002&aff_sub={message_id}',
    payout: '12.50',
    currency: 'USD',
  },
  eraseContacts: { account_id: 'acme', contact_ids: ['contact-17', 'contact-18'] },
  importOffers: { external_ids: ['7', '8'] },
  pauseSyncRun: {},
  postClicks: {
    records: [
      {
        account_id: 'acme',
        click_id: 'c-1',
        message_id: 'Ab3dEf9h',
        clicked_at: '2026-03-14T09:20:00Z',
        is_bot: false,
      },
    ],
  },
  postMessages: {
    records: [{ account_id: 'acme', message_id: 'Ab3dEf9h', creative_id: 'spring', sent_at: '2026-03-14T09:00:00Z' }],
  },
  postPostback: {
    offer_id: 'off_3',
    postback_secret: 'EXAMPLE',
    txn_id: '102f7c39c01b2e3a5d8e9f00a1b2c3',
    revenue: '12.50',
    message_id: 'Ab3dEf9h',
    affiliate_id: '1002',
  },
  reattribute: { integration_id: 'int_1', from: '2026-03-01', to: '2026-03-14', dry_run: true },
  restoreIntegration: {},
  resumeSyncRun: {},
  retryParkedTransaction: {},
  rotatePostbackSecret: { overlap_hours: 24 },
  startBackfill: { from: '2026-01-01', to: '2026-02-28' },
  startConversionSync: { from: '2026-03-08', to: '2026-03-14' },
  startOfferSync: { accept_empty: false },
  testConnection: {},
  testNewConnection: CONNECTION,
};
