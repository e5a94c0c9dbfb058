import type { IdField, MessageIdField } from './id-fields.js';

/** What decides an integration's conversions, as of one version. A version never changes. */
export interface SettingsVersion {
  readonly version: number;
  readonly messageIdField: MessageIdField;
  readonly clickIdField: IdField | null;
  readonly clickWindowDays: number;
  readonly timeZone: string;
  readonly defaultCurrency: string;
}

/** How far a pull re-reads, in days: TUNE changes rows later but keeps their time (quirk 24). */
export const LOOK_BACK_DAYS = 7;

/** TUNE's reports reach 25 months back: 762 days (quirk 39). */
export const REPORT_REACH_DAYS = 762;

export const DEFAULT_TIME_ZONE = 'America/New_York';
export const DEFAULT_CURRENCY = 'USD';
