import type { Trail, TrailDecision, TrailEntry, TrailVersion } from '@trackly-tune/database';
import { decisionId, toPublicId, type SettingsVersion } from '@trackly-tune/domain';
import { z } from 'zod';
import { time } from '../../http/schemas.js';
import { bookedShape, presentBooked } from '../revenue/booked.js';
import { conversionAnswer, presentConversion } from './present-conversion.js';

const settingsAnswer = z
  .object({
    version: z.number().int(),
    message_id_field: z.string(),
    click_id_field: z.string().nullable(),
    click_window_days: z.number().int(),
    time_zone: z.string(),
    default_currency: z.string(),
  })
  .meta({ id: 'SettingsVersion' });

const versionAnswer = z
  .object({
    version: z.number().int(),
    current: z.boolean(),
    observed_at: time,
    recorded_at: time,
    run_id: z.string().nullable(),
    facts: z.unknown().meta({ description: 'What the observation said, in the words of the report' }),
  })
  .meta({ id: 'ConversionVersion' });

const decisionAnswer = z
  .object({
    id: z.string(),
    no: z.number().int(),
    decided_at: time,
    cause: z.string(),
    rule_version: z.number().int(),
    settings_version: z.number().int(),
    settings: settingsAnswer.nullable(),
    fact_version: z.number().int(),
    method: z.enum(['click', 'message_id', 'none']),
    reason: z.string(),
    click_id: z.string().nullable(),
    message_id: z.string().nullable(),
    creative_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    evidence: z.unknown().meta({
      description:
        'What was looked up and found, and how it was counted. `decided_with` names the version of each other record of ' +
        'the transaction that was looked at, where postbacks are among them',
    }),
  })
  .meta({ id: 'Decision' });

const entryAnswer = z
  .object({
    entry_no: z.number().int(),
    seq: z.number().int().nullable(),
    at: time,
    cause: z.string(),
    decision_id: z.string(),
    message_id: z.string().nullable(),
    creative_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    ...bookedShape,
  })
  .meta({ id: 'LedgerEntry' });

const unreadableAnswer = z
  .object({
    reason: z.string(),
    observed_at: time,
    run_id: z.string().nullable(),
    raw: z.unknown(),
  })
  .meta({ id: 'UnreadableRow' });

const historyAnswer = z.object({
  versions: z.array(versionAnswer),
  decisions: z.array(decisionAnswer),
  entries: z.array(entryAnswer),
});

const recordKey = z.string().meta({ description: 'The identity of a postback, which breaks ties among claims' });

export const trailAnswer = historyAnswer
  .extend({
    conversion: conversionAnswer,
    record_key: recordKey.nullable(),
    click_window_days: z.number().int(),
    settings: z.array(settingsAnswer).meta({ description: 'Every version of the settings that decisions name' }),
    postback: historyAnswer
      .extend({ id: z.string(), record_key: recordKey })
      .nullable()
      .meta({ description: 'The postback that is the same conversion, with what was booked for it before' }),
    other_records: z
      .array(
        z.object({
          id: z.string(),
          source: z.enum(['pull', 'postback']),
          record_key: recordKey.nullable(),
          counting: z.string().nullable(),
          claims: z.string().nullable(),
          claimed_by: z.string().nullable(),
          versions: z.array(versionAnswer),
        }),
      )
      .meta({ description: 'What else belongs to the same transaction of TUNE, and was decided together with this' }),
    unreadable_rows: z.array(unreadableAnswer),
    complete: z.boolean().meta({ description: 'False when only the newest rows of a long list are here' }),
  })
  .meta({ id: 'Trail' });

const conversionId = (id: bigint | null): string | null => (id === null ? null : toPublicId('conversion', id));
const runId = (id: bigint | null): string | null => (id === null ? null : toPublicId('run', id));

function presentSettings(settings: SettingsVersion): z.infer<typeof settingsAnswer> {
  return {
    version: settings.version,
    message_id_field: settings.messageIdField,
    click_id_field: settings.clickIdField,
    click_window_days: settings.clickWindowDays,
    time_zone: settings.timeZone,
    default_currency: settings.defaultCurrency,
  };
}

function presentDecision(row: TrailDecision, settings: Trail['settings']): z.infer<typeof decisionAnswer> {
  const { conversion_id: conversion, decided_at, ...rest } = row;
  const version = settings.get(row.settings_version);
  return {
    ...rest,
    id: decisionId(conversion, row.no),
    decided_at: decided_at.toISOString(),
    settings: version === undefined ? null : presentSettings(version),
  };
}

function presentEntry(row: TrailEntry): z.infer<typeof entryAnswer> {
  const { entry_no, cause, message_id, creative_id, campaign_id } = row;
  return {
    ...{ entry_no, cause, message_id, creative_id, campaign_id },
    seq: row.seq === null ? null : Number(row.seq),
    at: row.at.toISOString(),
    decision_id: decisionId(row.conversion_id, row.decision_no),
    ...presentBooked(row),
  };
}

function presentVersion(row: TrailVersion, current: number): z.infer<typeof versionAnswer> {
  return {
    version: row.version,
    current: row.version === current,
    observed_at: row.observed_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
    run_id: runId(row.run_id),
    facts: row.facts,
  };
}

/** Everything seen and decided about a conversion: facts and settings of the named versions repeat each decision. */
export function presentTrail(trail: Trail): z.infer<typeof trailAnswer> {
  const { postback } = trail;
  return {
    conversion: presentConversion(trail.conversion),
    record_key: trail.recordKey,
    click_window_days: trail.clickWindowDays,
    settings: [...trail.settings.values()].sort((a, b) => a.version - b.version).map(presentSettings),
    versions: trail.versions.map((row) => presentVersion(row, trail.conversion.version)),
    decisions: trail.decisions.map((row) => presentDecision(row, trail.settings)),
    entries: trail.entries.map(presentEntry),
    postback: postback && {
      id: toPublicId('conversion', postback.id),
      record_key: postback.record_key,
      versions: postback.versions.map((row) => presentVersion(row, postback.versions.at(-1)?.version ?? 0)),
      decisions: postback.decisions.map((row) => presentDecision(row, trail.settings)),
      entries: postback.entries.map(presentEntry),
    },
    other_records: trail.siblings.map((row) => ({
      id: toPublicId('conversion', row.id),
      source: row.source,
      record_key: row.record_key,
      counting: row.counting,
      claims: conversionId(row.claims_id),
      claimed_by: conversionId(row.claimed_by_id),
      versions: row.versions.map((version) => presentVersion(version, row.versions.at(-1)?.version ?? 0)),
    })),
    unreadable_rows: trail.unreadable.map((row) => ({
      reason: row.reason,
      observed_at: row.observed_at.toISOString(),
      run_id: runId(row.run_id),
      raw: row.raw,
    })),
    complete: trail.complete,
  };
}
