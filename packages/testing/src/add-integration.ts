import type { Database } from '@trackly-tune/database';

export interface AddedIntegration {
  readonly id: bigint;
  readonly accountId: string;
  readonly networkId: string;
}

let added = 0;

/**
 * An integration with its first settings, past the API: of an account and a network of its own where none is named.
 * It has no schedule, no offer and no run.
 */
export async function addIntegration(
  db: Database,
  options: {
    accountId?: string;
    networkId?: string;
    affiliateId?: string;
    /** The sealed token, which nobody opens unless it is given. */
    sealed?: string;
    messageIdField?: string;
    clickIdField?: string | null;
    currency?: string;
  } = {},
): Promise<AddedIntegration> {
  const n = ++added;
  const { accountId = `account-${n}`, networkId = `network-${n}`, affiliateId = '3', sealed = 'sealed' } = options;
  const { messageIdField = 'aff_sub', clickIdField = 'affiliate_click_id', currency = 'USD' } = options;
  const { id } = await db
    .insertInto('integrations')
    .values({
      account_id: accountId,
      network_id: networkId,
      affiliate_id: affiliateId,
      name: 'Demo',
      base_url: 'https://clicks.example.com',
      network_token_sealed: sealed,
      network_token_hint: 'hint',
      time_zone_source: 'given',
      currency_source: 'given',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('integration_settings')
    .values({
      integration_id: id,
      version: 1,
      message_id_field: messageIdField,
      click_id_field: clickIdField,
      click_window_days: 90,
      time_zone: 'America/New_York',
      default_currency: currency,
    })
    .execute();
  return { id, accountId, networkId };
}
