import {
  createSchedules,
  findByIdentity,
  findIntegration,
  insertIntegration,
  logIntegration,
  takeIntegrationId,
  type IntegrationRow,
  type SettingSource,
  type Tx,
} from '@trackly-tune/database';
import { DEFAULT_CURRENCY, DEFAULT_TIME_ZONE } from '@trackly-tune/domain';
import type { KeyRing } from '@trackly-tune/service-runtime';
import type { z } from 'zod';
import { planSchedules } from '../rules/plan-schedules.js';
import type { integrationBody } from '../schemas.js';
import type { Warning } from '../rules/judge-look.js';
import type { NetworkSays } from './ask-network.js';
import { logWarnings } from './log-warnings.js';
import { sealToken } from './seal-token.js';

export type IntegrationWish = z.infer<typeof integrationBody>;

const DEFAULT_WINDOW_DAYS = 90;

export type Creation =
  | { readonly kind: 'created'; readonly integration: IntegrationRow; readonly warnings: readonly Warning[] }
  | { readonly kind: 'taken'; readonly id: bigint; readonly deleted: boolean };

interface Settled {
  readonly value: string;
  readonly source: SettingSource;
}

function settle(given: string | undefined, asked: string | null, fallback: string): Settled {
  if (given !== undefined) return { value: given, source: 'given' };
  return asked === null ? { value: fallback, source: 'assumed' } : { value: asked, source: 'asked' };
}

function warnOfAssumptions(timeZone: Settled, currency: Settled): Warning[] {
  const warnings: Warning[] = [];
  if (timeZone.source === 'assumed') {
    warnings.push({
      code: 'time_zone_assumed',
      message: `The network did not say its time zone; ${timeZone.value} is assumed. Set time_zone, or days are wrong`,
    });
  }
  if (currency.source === 'assumed') {
    warnings.push({
      code: 'currency_assumed',
      message: `The network did not say its currency; ${currency.value} is assumed. Set default_currency if it differs`,
    });
  }
  return warnings;
}

/**
 * Creates an integration with its settings and schedules, due at once where they are on. What the network says of
 * itself was asked before: no network call stands inside a transaction.
 */
export async function createIntegration(
  tx: Tx,
  keyRing: KeyRing,
  wish: IntegrationWish,
  says: NetworkSays,
  windowDaysMax: number,
): Promise<Creation> {
  const timeZone = settle(wish.time_zone, says.timeZone, DEFAULT_TIME_ZONE);
  const currency = settle(wish.default_currency, says.currency, DEFAULT_CURRENCY);
  const identity = { accountId: wish.account_id, networkId: wish.network_id, affiliateId: wish.affiliate_id };
  const id = await takeIntegrationId(tx);
  const added = await insertIntegration(tx, {
    ...identity,
    id,
    fields: {
      ...sealToken(keyRing, id, wish.network_token),
      name: wish.name,
      base_url: wish.base_url,
      global_url_params: wish.global_url_params,
      offer_name_prefix: wish.offer_name_prefix,
      auto_sync_offers: wish.auto_sync_offers,
      offer_sync_frequency: wish.offer_sync_frequency,
      postback_confirm_days: wish.postback_confirm_days,
      auto_import_offers: wish.auto_import_offers,
      offer_field_rules: wish.offer_field_rules,
      conversion_sync_enabled: wish.conversion_sync_enabled,
      time_zone_source: timeZone.source,
      currency_source: currency.source,
    },
    settings: {
      messageIdField: wish.message_id_field,
      clickIdField: wish.click_id_field,
      clickWindowDays: wish.click_window_days ?? Math.min(DEFAULT_WINDOW_DAYS, windowDaysMax),
      timeZone: timeZone.value,
      defaultCurrency: currency.value,
    },
  });
  if (!added) {
    const holder = await findByIdentity(tx, identity);
    if (holder === null) throw new Error('The integration in the way cannot be seen');
    return { kind: 'taken', ...holder };
  }
  await createSchedules(tx, id, planSchedules(wish));
  await logIntegration(tx, {
    integrationId: id,
    level: 'info',
    code: 'integration_created',
    message: 'The integration was created',
  });
  const assumptions = warnOfAssumptions(timeZone, currency);
  await logWarnings(tx, id, assumptions, { problem: says.problem });
  await logWarnings(tx, id, says.warnings);
  const integration = await findIntegration(tx, id);
  if (integration === null) throw new Error('The integration that was just stored cannot be seen');
  return { kind: 'created', integration, warnings: [...says.warnings, ...assumptions] };
}
