import {
  addSettingsVersion,
  changeSchedule,
  findIntegration,
  lockIntegration,
  logIntegration,
  settingsOfRow,
  updateIntegration,
  type IntegrationRow,
  type Tx,
} from '@trackly-tune/database';
import type { KeyRing } from '@trackly-tune/service-runtime';
import type { Warning } from '../rules/judge-look.js';
import { planChange, type IntegrationPatch, type PlannedChange } from '../rules/plan-change.js';
import { logWarnings } from './log-warnings.js';
import { sealToken } from './seal-token.js';

export type Change =
  | { readonly kind: 'changed'; readonly integration: IntegrationRow; readonly dueNow: PlannedChange['schedules'] }
  | { readonly kind: 'not_found' | 'deleted' | 'same_id_field' };

async function write(
  tx: Tx,
  id: bigint,
  plan: PlannedChange,
  token: ReturnType<typeof sealToken> | null,
  warnings: readonly Warning[],
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
  await logWarnings(tx, id, warnings);
}

/**
 * Changes an integration, its settings and its schedules in one transaction. `warnings`: what a look at new credentials
 * found, for the log; it was taken before.
 */
export async function changeIntegration(
  tx: Tx,
  keyRing: KeyRing,
  id: bigint,
  patch: IntegrationPatch,
  warnings: readonly Warning[] = [],
): Promise<Change> {
  const current = await lockIntegration(tx, id);
  if (current === null) return { kind: 'not_found' };
  if (current.deleted_at !== null) return { kind: 'deleted' };
  const clickIdField = patch.click_id_field === undefined ? current.click_id_field : patch.click_id_field;
  if (clickIdField === (patch.message_id_field ?? current.message_id_field)) return { kind: 'same_id_field' };
  const plan = planChange(current, settingsOfRow(current), patch);
  const token = patch.network_token === undefined ? null : sealToken(keyRing, id, patch.network_token);
  await write(tx, id, plan, token, warnings);
  const integration = await findIntegration(tx, id);
  if (integration === null) throw new Error('The integration that was just changed cannot be seen');
  return { kind: 'changed', integration, dueNow: plan.schedules.filter((schedule) => schedule.dueNow) };
}
