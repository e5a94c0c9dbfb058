import { describe, expect, test } from '@jest/globals';
import { postbackParameters, postbackUrl, type PostbackTemplate } from './postback-template.js';

const TEMPLATE: PostbackTemplate = {
  offerId: 'ofr_12',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
  extraParameters: {},
};

describe('the postback URL of an offer', () => {
  test('holds the macros as TUNE knows them, the message and the click in the fields of the integration', () => {
    expect(postbackUrl('https://t.example.com', TEMPLATE, 'hush')).toBe(
      'https://t.example.com/conv/offer?offer_id=ofr_12&affiliate_id={affiliate_id}&txn_id={transaction_id}' +
        '&revenue={payout}&message_id={aff_sub}&click_id={aff_click_id}&goal_id={goal_id}&postback_secret=hush',
    );
    const other = { ...TEMPLATE, messageIdField: 'affiliate_unique2', clickIdField: null } as const;
    const url = postbackUrl('https://t.example.com', other, 'hush');
    expect(url).toContain('&message_id={aff_unique2}&');
    expect(url).not.toContain('click_id=');
  });

  test('takes what a person adds, encoded around its macros', () => {
    const extraParameters = { currency: '{currency}', note: 'a b&c', goal_id: '7' };
    const url = postbackUrl('https://t.example.com', { ...TEMPLATE, extraParameters }, 'hush');
    expect(url).toContain('&currency={currency}&note=a%20b%26c&goal_id=7&postback_secret=');
    expect(url.match(/goal_id=/g)).toHaveLength(1);
  });

  test('says which macros TUNE documents', () => {
    const confirmed = Object.fromEntries(postbackParameters(TEMPLATE).map((one) => [one.name, one.confirmed]));
    expect(confirmed).toMatchObject({
      offer_id: null,
      txn_id: true,
      message_id: true,
      revenue: false,
      click_id: false,
    });
  });
});
