import {
  addSettingsVersion,
  changeSchedule,
  findIntegration,
  lockIntegration,
  logIntegration,
  settingsOfRow,
  updateIntegration,
  type IntegrationRow,
  type Transaction,
} from '@trackly-tune/database';
import type { KeyRing } from '@trackly-tune/service-runtime';
import { planChange, type IntegrationPatch, type PlannedChange } from '../domain/plan-change.js';
import { readBaseUrl } from '../domain/read-base-url.js';
import { sealToken } from './seal-token.js';

export type Change =
  | { readonly kind: 'changed'; readonly integration: IntegrationRow; readonly dueNow: PlannedChange['schedules'] }
  | { readonly kind: 'not_found' | 'deleted' | 'same_id_field' };

async function write(
  tx: Transaction,
  id: bigint,
  plan: PlannedChange,
  token: ReturnType<typeof sealToken> | null,
): Promise<void> {
  const fields = { ...plan.fields, ...token };
  if (Object.keys(fields).length > 0) await updateIntegration(tx, id, fields);
  if (plan.settings !== null) await addSettingsVersion(tx, id, plan.settings);
  for (const schedule of plan.schedules) await changeSchedule(tx, { ...schedule, integrationId: id });
  if (plan.changed.length === 0) return;
  await logIntegration(tx, {
    integrationId: id,
    level: 'info',
    code: plan.settings === null ? 'integration_changed' : 'settings_changed',
    message:
      plan.settings === null
        ? `Changed: ${plan.changed.join(', ')}`
        : `Changed: ${plan.changed.join(', ')}. Version ${plan.settings.version} of the settings decides what is first seen from now on`,
    context: { changed: plan.changed, ...(plan.settings === null ? {} : { settings_version: plan.settings.version }) },
  });
}

/** Changes an integration, its settings and its schedules in one transaction. */
export async function changeIntegration(
  tx: Transaction,
  keyRing: KeyRing,
  id: bigint,
  wish: IntegrationPatch,
): Promise<Change> {
  const current = await lockIntegration(tx, id);
  if (current === null) return { kind: 'not_found' };
  if (current.deleted_at !== null) return { kind: 'deleted' };
  const patch = wish.base_url === undefined ? wish : { ...wish, base_url: readBaseUrl(wish.base_url) ?? wish.base_url };
  const clickIdField = patch.click_id_field === undefined ? current.click_id_field : patch.click_id_field;
  if (clickIdField === (patch.message_id_field ?? current.message_id_field)) return { kind: 'same_id_field' };
  const plan = planChange(current, settingsOfRow(current), patch);
  const token = patch.network_token === undefined ? null : sealToken(keyRing, id, patch.network_token);
  await write(tx, id, plan, token);
  const integration = await findIntegration(tx, id);
  if (integration === null) throw new Error('The integration that was just changed cannot be seen');
  return { kind: 'changed', integration, dueNow: plan.schedules.filter((schedule) => schedule.dueNow) };
}
