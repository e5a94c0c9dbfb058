import { createChangesRun, daysHeld, readChangesState } from '@trackly-tune/database';
import { dayOf } from '@trackly-tune/domain';
import type { ScheduledWork } from '@trackly-tune/sync-engine';
import { planLadder } from '../domain/plan-ladder.js';

/** The daily pass for late changes. It has no tick in the queue: the reconciler alone finds it due. */
export const scheduledChanges = (random: () => number): ScheduledWork => ({
  kind: 'changes',
  name: 'pass for late changes',
  async start(tx, { integrationId, now, timeZone }) {
    const state = await readChangesState(tx, integrationId);
    const today = dayOf(now, timeZone);
    const covered = dayOf(state.coverageStartsAt, timeZone);
    const oldestDay = state.oldestDay !== null && state.oldestDay < covered ? state.oldestDay : covered;
    const planned = planLadder({ today, through: state.ladderThrough, oldestDay, random });
    // Days that were never pulled stay so: what is older than the integration is for a backfill that a person asks for.
    const held = await daysHeld(tx, integrationId, planned);
    const ladderDays = planned.filter((day) => day >= covered || held.includes(day));
    const run = await createChangesRun(tx, { integrationId, ladderDays, ladderThrough: today });
    return run !== null;
  },
});
