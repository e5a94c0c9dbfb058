import type { ApiPorts } from '../ports.js';

const JOB_OF = { conversions: 'scheduled-pull', offers: 'scheduled-offer-sync' } as const;

/**
 * Tells the workers that schedules of an integration are due. After commit only; a signal that is lost is made up for
 * by the reconcilers, which also keep the queue's schedules in step with PostgreSQL's.
 */
export function signalDue(ports: ApiPorts, integrationId: bigint, kinds: readonly ('conversions' | 'offers')[]): void {
  for (const kind of kinds) ports.signal(JOB_OF[kind], { integrationId: integrationId.toString() });
}
