/** Whether and how often an integration is synced. */
export interface SyncChoices {
  readonly conversion_sync_enabled: boolean;
  readonly auto_sync_offers: boolean;
  readonly offer_sync_frequency: 'hourly' | 'daily';
}

export interface PlannedSchedule {
  readonly enabled: boolean;
  readonly everyMs: number;
}

export interface PlannedSchedules {
  readonly conversions: PlannedSchedule;
  readonly offers: PlannedSchedule;
  readonly changes: PlannedSchedule;
}

const HOUR_MS = 3_600_000;
const EVERY_MS = { hourly: HOUR_MS, daily: 24 * HOUR_MS };

/** Conversions are pulled every hour and late changes looked for every day, offers as often as chosen. */
export function planSchedules(choices: SyncChoices): PlannedSchedules {
  return {
    conversions: { enabled: choices.conversion_sync_enabled, everyMs: HOUR_MS },
    offers: { enabled: choices.auto_sync_offers, everyMs: EVERY_MS[choices.offer_sync_frequency] },
    changes: { enabled: choices.conversion_sync_enabled, everyMs: EVERY_MS.daily },
  };
}
