import { describe, expect, test } from '@jest/globals';
import type { SettingsVersion } from '@trackly-tune/domain';
import { planChange, type IntegrationState } from './plan-change.js';

const HOUR_MS = 3_600_000;
const current: IntegrationState = {
  name: 'A network',
  base_url: 'https://clicks.example.com',
  global_url_params: { a: '1', b: '2' },
  offer_name_prefix: '',
  auto_sync_offers: false,
  offer_sync_frequency: 'daily',
  postback_confirm_days: 3,
  auto_import_offers: false,
  offer_field_rules: {},
  conversion_sync_enabled: true,
};
const settings: SettingsVersion = {
  version: 3,
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
  clickWindowDays: 90,
  timeZone: 'America/New_York',
  defaultCurrency: 'USD',
};
const plan = (patch: Parameters<typeof planChange>[2]) => planChange(current, settings, patch);

describe('a change of an integration', () => {
  test('that names nothing, or only what is so already, changes nothing', () => {
    const nothing = { changed: [], fields: {}, settings: null, schedules: [] };
    expect(plan({})).toEqual(nothing);
    expect(
      plan({
        name: 'A network',
        global_url_params: { b: '2', a: '1' },
        click_window_days: 90,
        auto_sync_offers: false,
      }),
    ).toEqual(nothing);
  });

  test.each([
    [{ message_id_field: 'aff_sub2' as const }, 'message_id_field'],
    [{ click_id_field: null }, 'click_id_field'],
    [{ click_window_days: 30 }, 'click_window_days'],
    [{ time_zone: 'Europe/Berlin' }, 'time_zone'],
    [{ default_currency: 'EUR' }, 'default_currency'],
  ])('of what decides conversions (%j) makes the next version of the settings', (patch, name) => {
    const { settings: next, changed } = plan(patch);
    expect(next).toMatchObject({ version: 4 });
    expect(changed).toEqual([name]);
  });

  test('that confirms an assumed zone says so without a new version', () => {
    expect(plan({ time_zone: 'America/New_York' })).toMatchObject({
      settings: null,
      fields: { time_zone_source: 'given' },
    });
  });

  test('that switches a sync on makes it due at once; switching off leaves it', () => {
    expect(plan({ auto_sync_offers: true }).schedules).toEqual([
      { kind: 'offers', enabled: true, everyMs: 24 * HOUR_MS, dueNow: true },
    ]);
    expect(plan({ conversion_sync_enabled: false }).schedules).toEqual([
      { kind: 'conversions', enabled: false, everyMs: HOUR_MS, dueNow: false },
      { kind: 'changes', enabled: false, everyMs: 24 * HOUR_MS, dueNow: false },
    ]);
  });

  test('of the frequency changes the period, also while the sync is off', () => {
    expect(plan({ offer_sync_frequency: 'hourly' }).schedules).toEqual([
      { kind: 'offers', enabled: false, everyMs: HOUR_MS, dueNow: false },
    ]);
  });

  test('of the token makes what is on due at once, since it may have failed for it', () => {
    expect(plan({ network_token: 'new' })).toEqual({
      changed: ['network_token'],
      fields: {},
      settings: null,
      schedules: [
        { kind: 'conversions', enabled: true, everyMs: HOUR_MS, dueNow: true },
        { kind: 'changes', enabled: true, everyMs: 24 * HOUR_MS, dueNow: true },
      ],
    });
  });
});
