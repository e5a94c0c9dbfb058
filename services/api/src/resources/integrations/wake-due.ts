import type { ScheduleKind } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { ApiPorts } from '../../ports.js';

const JOB_OF = { conversions: 'scheduled-pull', offers: 'scheduled-offer-sync' } as const;

/**
 * Tells the workers that schedules of an integration are due. After commit only; a signal that is lost is made up for
 * by the reconcilers, which also find what has no job of its own (late changes) and keep the queue's schedules in step with PostgreSQL's.
 */
export function wakeDue(ports: ApiPorts, integrationId: bigint, kinds: readonly ScheduleKind[]): void {
  for (const kind of kinds)
    if (kind !== 'changes') ports.wake(JOB_OF[kind], { integrationId: toPublicId('integration', integrationId) });
}
