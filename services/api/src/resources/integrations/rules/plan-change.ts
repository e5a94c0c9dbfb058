import type { IdField, MessageIdField, OfferFieldRules, SettingsVersion } from '@trackly-tune/domain';
import { planSchedules, type PlannedSchedule, type PlannedSchedules, type SyncChoices } from './plan-schedules.js';

/** What a person wants changed; what is not named stays. */
export interface IntegrationPatch {
  readonly conversion_sync_enabled?: boolean | undefined;
  readonly auto_sync_offers?: boolean | undefined;
  readonly offer_sync_frequency?: SyncChoices['offer_sync_frequency'] | undefined;
  readonly auto_import_offers?: boolean | undefined;
  readonly offer_field_rules?: Readonly<Partial<OfferFieldRules>> | undefined;
  readonly name?: string | undefined;
  readonly base_url?: string | undefined;
  readonly network_token?: string | undefined;
  readonly global_url_params?: Readonly<Record<string, string>> | undefined;
  readonly offer_name_prefix?: string | undefined;
  readonly message_id_field?: MessageIdField | undefined;
  readonly click_id_field?: IdField | null | undefined;
  readonly click_window_days?: number | undefined;
  readonly postback_confirm_days?: number | undefined;
  readonly time_zone?: string | undefined;
  readonly default_currency?: string | undefined;
}

export interface IntegrationState extends SyncChoices {
  readonly name: string;
  readonly base_url: string;
  readonly global_url_params: Readonly<Record<string, string>>;
  readonly offer_name_prefix: string;
  readonly auto_import_offers: boolean;
  readonly postback_confirm_days: number;
  readonly offer_field_rules: Readonly<Partial<OfferFieldRules>>;
}

type Fields = Partial<IntegrationState & { time_zone_source: 'given'; currency_source: 'given' }>;

export interface PlannedChange {
  /** Names of the fields that get another value than they have, in the order of their names. */
  readonly changed: readonly string[];
  /** Columns of the integration to write; the token is sealed by the caller. */
  readonly fields: Fields;
  /** The next version of the settings; null when the ones in force stay. */
  readonly settings: SettingsVersion | null;
  /** Schedules to change. `dueNow`: what was off, or failed for its token, is done at once. */
  readonly schedules: readonly (PlannedSchedule & { kind: keyof PlannedSchedules; dueNow: boolean })[];
}

const PLAIN_FIELDS = [
  'auto_import_offers',
  'auto_sync_offers',
  'base_url',
  'conversion_sync_enabled',
  'global_url_params',
  'name',
  'offer_field_rules',
  'offer_name_prefix',
  'offer_sync_frequency',
  'postback_confirm_days',
] as const;

const sortedEntries = (params: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));

function isSame(before: unknown, after: unknown): boolean {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return before === after;
  return sortedEntries(before as Record<string, string>) === sortedEntries(after as Record<string, string>);
}

function planSettings(current: SettingsVersion, patch: IntegrationPatch): { next: SettingsVersion; changed: string[] } {
  const next = {
    version: current.version + 1,
    messageIdField: patch.message_id_field ?? current.messageIdField,
    clickIdField: patch.click_id_field === undefined ? current.clickIdField : patch.click_id_field,
    clickWindowDays: patch.click_window_days ?? current.clickWindowDays,
    timeZone: patch.time_zone ?? current.timeZone,
    defaultCurrency: patch.default_currency ?? current.defaultCurrency,
  };
  const changed = [
    ...(next.clickIdField === current.clickIdField ? [] : ['click_id_field']),
    ...(next.clickWindowDays === current.clickWindowDays ? [] : ['click_window_days']),
    ...(next.defaultCurrency === current.defaultCurrency ? [] : ['default_currency']),
    ...(next.messageIdField === current.messageIdField ? [] : ['message_id_field']),
    ...(next.timeZone === current.timeZone ? [] : ['time_zone']),
  ];
  return { next, changed };
}

/**
 * What a patch changes. Settings that decide conversions get a new version only when one of them really differs
 * (product-rules.md, "Settings have versions"); a value that a person names is `given` from then on.
 */
export function planChange(
  current: IntegrationState,
  settings: SettingsVersion,
  patch: IntegrationPatch,
): PlannedChange {
  const changedFields = PLAIN_FIELDS.filter(
    (field) => patch[field] !== undefined && !isSame(current[field], patch[field]),
  );
  const fields: Fields = {
    ...Object.fromEntries(changedFields.map((field) => [field, patch[field]])),
    ...(patch.time_zone === undefined ? {} : { time_zone_source: 'given' as const }),
    ...(patch.default_currency === undefined ? {} : { currency_source: 'given' as const }),
  };
  const { next, changed } = planSettings(settings, patch);
  const before = planSchedules(current);
  const after = planSchedules({ ...current, ...fields });
  const newToken = patch.network_token !== undefined;
  const schedules = (['conversions', 'offers', 'changes'] as const).flatMap((kind) => {
    const { enabled, everyMs } = after[kind];
    const dueNow = enabled && (newToken || !before[kind].enabled);
    const stays = enabled === before[kind].enabled && everyMs === before[kind].everyMs && !dueNow;
    return stays ? [] : [{ kind, enabled, everyMs, dueNow }];
  });
  return {
    changed: [...changedFields, ...changed, ...(newToken ? ['network_token'] : [])].sort(),
    fields,
    settings: changed.length === 0 ? null : next,
    schedules,
  };
}
