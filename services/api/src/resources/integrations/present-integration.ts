import type { IntegrationRow } from '@trackly-tune/database';
import {
  ID_FIELDS,
  MESSAGE_ID_FIELDS,
  OFFER_FIELD_RULES,
  OFFER_FIELDS,
  offerFieldRules,
  toPublicId,
  type OfferField,
} from '@trackly-tune/domain';
import { z } from 'zod';
import { codedMessage, time } from '../../http/schemas.js';

const rule = z.enum(OFFER_FIELD_RULES);
const ruleOfEachField = z
  .object(Object.fromEntries(OFFER_FIELDS.map((field) => [field, rule])) as Record<OfferField, typeof rule>)
  .meta({ id: 'RuleOfEachOfferField' });

const source = z.enum(['given', 'asked', 'assumed']);

export const integrationAnswer = z
  .object({
    id: z.string(),
    account_id: z.string(),
    name: z.string(),
    network_id: z.string(),
    network_token_hint: z.string().meta({ description: 'The last four characters of the token' }),
    base_url: z.string(),
    affiliate_id: z.string(),
    click_id_field: z.enum(ID_FIELDS).nullable(),
    message_id_field: z.enum(MESSAGE_ID_FIELDS),
    global_url_params: z.record(z.string(), z.string()),
    offer_name_prefix: z.string(),
    auto_sync_offers: z.boolean(),
    offer_sync_frequency: z.enum(['hourly', 'daily']),
    postback_confirm_days: z.number().int(),
    auto_import_offers: z.boolean(),
    offer_field_rules: ruleOfEachField,
    conversion_sync_enabled: z.boolean(),
    time_zone: z.string(),
    time_zone_source: source,
    default_currency: z.string(),
    currency_source: source,
    click_window_days: z.number().int(),
    settings_version: z.number().int(),
    schedules: z
      .object({
        conversions: z.object({
          enabled: z.boolean(),
          next_at: time.nullable(),
          last_succeeded_at: time.nullable(),
          covered_through: time.nullable(),
        }),
        offers: z.object({ enabled: z.boolean(), next_at: time.nullable(), last_succeeded_at: time.nullable() }),
        changes: z
          .object({
            enabled: z.boolean(),
            next_at: time.nullable(),
            last_succeeded_at: time.nullable(),
            hints: z.enum(['available', 'not_available', 'unknown']).meta({
              description: 'Whether the network tells which conversions were changed by hand',
            }),
          })
          .meta({ description: 'Changes of conversions that are older than the look-back' }),
      })
      .meta({ id: 'IntegrationSchedules' }),
    last_error: z
      .object({ code: z.string(), message: z.string(), at: time })
      .meta({ id: 'LastError' })
      .nullable()
      .meta({ description: 'Of scheduled work that failed last; null once the same kind of work has succeeded again' }),
    created_at: time,
    updated_at: time,
    deleted_at: time.nullable(),
  })
  .meta({ id: 'Integration' });

/** What an answer that creates or changes an integration says beside it. */
export const changedIntegrationAnswer = integrationAnswer
  .extend({
    warnings: z
      .array(codedMessage)
      .optional()
      .meta({
        description:
          'What to look at although it was done: a token that TUNE refuses, an unknown affiliate. Codes are those of ' +
          'Test Connection and of the log of the integration',
      }),
  })
  .meta({ id: 'ChangedIntegration' });

const timeOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;

/** An integration as callers see it: everything but the token. A schedule that is off has no next time. */
export function presentIntegration(row: IntegrationRow): z.infer<typeof integrationAnswer> {
  const conversionsOn = row.conversions_enabled ?? false;
  const offersOn = row.offers_enabled ?? false;
  const changesOn = row.changes_enabled ?? false;
  return {
    id: toPublicId('integration', row.id),
    account_id: row.account_id,
    name: row.name,
    network_id: row.network_id,
    network_token_hint: row.network_token_hint,
    base_url: row.base_url,
    affiliate_id: row.affiliate_id,
    click_id_field: row.click_id_field,
    message_id_field: row.message_id_field,
    global_url_params: { ...row.global_url_params },
    offer_name_prefix: row.offer_name_prefix,
    auto_sync_offers: row.auto_sync_offers,
    offer_sync_frequency: row.offer_sync_frequency,
    postback_confirm_days: row.postback_confirm_days,
    auto_import_offers: row.auto_import_offers,
    offer_field_rules: offerFieldRules(row.offer_field_rules),
    conversion_sync_enabled: row.conversion_sync_enabled,
    time_zone: row.time_zone,
    time_zone_source: row.time_zone_source,
    default_currency: row.default_currency,
    currency_source: row.currency_source,
    click_window_days: row.click_window_days,
    settings_version: row.settings_version,
    schedules: {
      conversions: {
        enabled: conversionsOn,
        next_at: conversionsOn ? timeOrNull(row.conversions_next_at) : null,
        last_succeeded_at: timeOrNull(row.conversions_last_succeeded_at),
        covered_through: timeOrNull(row.conversions_covered_through),
      },
      offers: {
        enabled: offersOn,
        next_at: offersOn ? timeOrNull(row.offers_next_at) : null,
        last_succeeded_at: timeOrNull(row.offers_last_succeeded_at),
      },
      changes: {
        enabled: changesOn,
        next_at: changesOn ? timeOrNull(row.changes_next_at) : null,
        last_succeeded_at: timeOrNull(row.changes_last_succeeded_at),
        hints: row.late_changes,
      },
    },
    last_error:
      row.last_error_at === null
        ? null
        : {
            code: row.last_error_code ?? 'internal_error',
            message: row.last_error_message ?? '',
            at: row.last_error_at.toISOString(),
          },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    deleted_at: timeOrNull(row.deleted_at),
  };
}
