import {
  cancelOpenRuns,
  changeSchedule,
  findIntegration,
  lockIntegration,
  logIntegration,
  markDeleted,
  SCHEDULE_KINDS,
  type IntegrationRow,
  type Tx,
} from '@trackly-tune/database';
import type { Warning } from '../rules/judge-look.js';
import { planSchedules } from '../rules/plan-schedules.js';
import { logWarnings } from './log-warnings.js';

/**
 * Deletes an integration: nothing is synced any more, the books stay. Doing it again changes nothing. False when there
 * is no such integration.
 */
export async function deleteIntegration(tx: Tx, id: bigint): Promise<boolean> {
  const current = await lockIntegration(tx, id);
  if (current === null) return false;
  if (current.deleted_at !== null) return true;
  await markDeleted(tx, id, true);
  const planned = planSchedules(current);
  // Schedules first: a tick that holds one creates its run before, and that run is then ended too.
  for (const kind of SCHEDULE_KINDS) {
    await changeSchedule(tx, { ...planned[kind], integrationId: id, kind, enabled: false, dueNow: false });
  }
  const cancelled = await cancelOpenRuns(tx, id);
  await logIntegration(tx, {
    integrationId: id,
    level: 'info',
    code: 'integration_deleted',
    message: 'The integration was deleted; its books stay',
    context: { cancelled_runs: cancelled },
  });
  return true;
}

export type Restoration =
  { readonly kind: 'restored'; readonly integration: IntegrationRow } | { readonly kind: 'not_found' | 'not_deleted' };

/**
 * Brings a deleted integration back with its syncs as they were. The next pull starts where the last one ended.
 * `warnings`: what a look at its credentials found, for the log; it was taken before.
 */
export async function restoreIntegration(tx: Tx, id: bigint, warnings: readonly Warning[] = []): Promise<Restoration> {
  const current = await lockIntegration(tx, id);
  if (current === null) return { kind: 'not_found' };
  if (current.deleted_at === null) return { kind: 'not_deleted' };
  await markDeleted(tx, id, false);
  const planned = planSchedules(current);
  for (const kind of SCHEDULE_KINDS) {
    await changeSchedule(tx, { ...planned[kind], integrationId: id, kind, dueNow: planned[kind].enabled });
  }
  await logIntegration(tx, {
    integrationId: id,
    level: 'info',
    code: 'integration_restored',
    message: 'The integration was restored',
  });
  await logWarnings(tx, id, warnings);
  const integration = await findIntegration(tx, id);
  if (integration === null) throw new Error('The integration that was just restored cannot be seen');
  return { kind: 'restored', integration };
}
