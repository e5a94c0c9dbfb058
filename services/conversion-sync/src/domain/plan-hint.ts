import { addDays, LOOK_BACK_DAYS, REPORT_REACH_DAYS } from '@trackly-tune/domain';

/** Days asked for again: a change is told by its day only, and a day is whole only after its end in every zone. */
const OVERLAP_DAYS = 2;

export interface PlannedHint {
  /** Days on which changes were made, both inclusive: what the network is asked for. */
  readonly fromDay: string;
  readonly toDay: string;
  /** Days of conversions worth reading again: older ones no report reaches, younger ones every pull reads. */
  readonly oldestDay: string;
  readonly youngestDay: string;
}

/** Which changes to ask for, from what the last pass that succeeded asked for. Before the first, one look-back. */
export function planHint(state: { today: string; hintedThrough: string | null }): PlannedHint {
  const { today, hintedThrough } = state;
  const oldestDay = addDays(today, -REPORT_REACH_DAYS);
  const from = hintedThrough === null ? addDays(today, -LOOK_BACK_DAYS) : addDays(hintedThrough, -OVERLAP_DAYS);
  return {
    fromDay: from < oldestDay ? oldestDay : from,
    toDay: addDays(today, 1),
    oldestDay,
    youngestDay: addDays(today, 1 - LOOK_BACK_DAYS),
  };
}
