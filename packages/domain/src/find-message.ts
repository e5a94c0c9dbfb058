import type { ConversionFacts } from './conversion.js';
import type { Click, Message } from './facts-of-platform.js';
import { CLICK_ID_LENGTH_MAX, MESSAGE_ID_PATTERN, type IdField } from './id-fields.js';
import type { SettingsVersion } from './settings.js';

export type AttributionMethod = 'click' | 'message_id' | 'none';

/**
 * Why a conversion went where it went: for `click` the field that found it, for the others why no better way did.
 */
export const ATTRIBUTION_REASONS = [
  'click_by_ad_id',
  'click_by_click_id_field',
  'click_by_txn_id',
  'click_by_click_id',
  'click_by_postback',
  'message_by_postback',
  'click_outside_window',
  'click_message_unknown',
  'no_click_found',
  'message_not_found',
  'no_ids',
] as const;

export type AttributionReason = (typeof ATTRIBUTION_REASONS)[number];

export type AttributionNote = 'click_after_conversion' | 'click_is_bot' | 'passes_disagree';

/** Where a value that is looked up stood: in a pulled row, or in a postback. */
export type ClickField = 'ad_id' | IdField | 'txn_id' | 'click_id';
export type MessageField = IdField | 'message_id';

/** One thing that was looked up, and what came of it. Enough to repeat the decision by hand. */
export type Lookup =
  | {
      readonly pass: 1;
      readonly field: ClickField;
      readonly click_id: string;
      readonly result: 'used' | 'not_found' | 'outside_window' | 'message_unknown';
      readonly click?: { readonly message_id: string; readonly clicked_at: string; readonly is_bot: boolean };
      readonly age_seconds?: number;
    }
  | {
      readonly pass: 2;
      readonly field: MessageField;
      readonly value: string;
      readonly result: 'used' | 'found' | 'not_found';
    };

export interface FoundMessage {
  readonly method: AttributionMethod;
  readonly reason: AttributionReason;
  readonly click: Click | null;
  readonly message: Message | null;
  readonly lookups: readonly Lookup[];
  readonly notes: readonly AttributionNote[];
}

export interface Candidates {
  readonly clicks: ReadonlyMap<string, Click>;
  readonly messages: ReadonlyMap<string, Message>;
}

/** What one record looks for: its clicks in the order of pass 1, then its message. */
export interface MessageSearch {
  readonly clicks: readonly { readonly field: ClickField; readonly key: string }[];
  readonly message: { readonly field: MessageField; readonly value: string } | null;
}

/** Values under which these facts look for a click, in the order of pass 1. */
export function clickLookups(
  facts: Pick<ConversionFacts, 'ad_id' | 'ids'>,
  settings: Pick<SettingsVersion, 'clickIdField'>,
): { field: 'ad_id' | IdField; key: string }[] {
  const named = settings.clickIdField === null ? null : (facts.ids[settings.clickIdField] ?? null);
  const lookups: { field: 'ad_id' | IdField; key: string }[] = [];
  if (facts.ad_id !== null) lookups.push({ field: 'ad_id', key: facts.ad_id });
  if (settings.clickIdField !== null && named !== null) lookups.push({ field: settings.clickIdField, key: named });
  return lookups.filter(({ key }) => key.length <= CLICK_ID_LENGTH_MAX);
}

/** The value of the message id field, where it could be a message id at all; null otherwise. */
export function messageLookup(
  facts: Pick<ConversionFacts, 'ids'>,
  settings: Pick<SettingsVersion, 'messageIdField'>,
): string | null {
  const value = facts.ids[settings.messageIdField] ?? null;
  return value !== null && MESSAGE_ID_PATTERN.test(value) ? value : null;
}

/** What a pulled row looks for, under the settings it was first seen with. */
export function searchOfRow(
  facts: Pick<ConversionFacts, 'ad_id' | 'ids'>,
  settings: Pick<SettingsVersion, 'clickIdField' | 'messageIdField'>,
): MessageSearch {
  const value = messageLookup(facts, settings);
  return {
    clicks: clickLookups(facts, settings),
    message: value === null ? null : { field: settings.messageIdField, value },
  };
}

const MS_PER_DAY = 86_400_000;

function reasonOfClick(field: ClickField): AttributionReason {
  if (field === 'ad_id') return 'click_by_ad_id';
  if (field === 'txn_id') return 'click_by_txn_id';
  return field === 'click_id' ? 'click_by_click_id' : 'click_by_click_id_field';
}

/**
 * The two passes (product-rules.md, "Two passes"): a click by the transaction id, else by the click id; then, when no click
 * leads to a message, the message id. Pass 1 wins where both find something.
 */
export function findMessage(
  search: MessageSearch,
  convertedAt: Date,
  clickWindowDays: number,
  candidates: Candidates,
): FoundMessage {
  const lookups: Lookup[] = [];
  const notes: AttributionNote[] = [];
  let viaClick: { click: Click; message: Message; field: ClickField } | null = null;
  let clickTrouble: 'click_outside_window' | 'click_message_unknown' | null = null;

  for (const { field, key } of search.clicks) {
    const click = candidates.clicks.get(key);
    if (!click) {
      lookups.push({ pass: 1, field, click_id: key, result: 'not_found' });
      continue;
    }
    const ageMs = convertedAt.getTime() - click.clickedAt.getTime();
    const message = candidates.messages.get(click.messageId);
    const tooOld = ageMs > clickWindowDays * MS_PER_DAY;
    lookups.push({
      pass: 1,
      field,
      click_id: key,
      result: tooOld ? 'outside_window' : message ? 'used' : 'message_unknown',
      click: { message_id: click.messageId, clicked_at: click.clickedAt.toISOString(), is_bot: click.isBot },
      age_seconds: ageMs / 1000,
    });
    if (tooOld) clickTrouble = 'click_outside_window';
    else if (!message) clickTrouble = 'click_message_unknown';
    else {
      viaClick = { click, message, field };
      if (ageMs < 0) notes.push('click_after_conversion');
      if (click.isBot) notes.push('click_is_bot');
    }
    // A click that was found ends pass 1: the second field is only asked where the first finds nothing.
    break;
  }

  const direct = search.message === null ? null : (candidates.messages.get(search.message.value) ?? null);
  if (search.message !== null) {
    const result = direct === null ? 'not_found' : viaClick === null ? 'used' : 'found';
    lookups.push({ pass: 2, ...search.message, result });
  }

  if (viaClick) {
    if (direct && direct.messageId !== viaClick.message.messageId) notes.push('passes_disagree');
    const reason = reasonOfClick(viaClick.field);
    return { method: 'click', reason, click: viaClick.click, message: viaClick.message, lookups, notes };
  }
  if (direct) {
    return {
      method: 'message_id',
      reason: clickTrouble ?? 'no_click_found',
      click: null,
      message: direct,
      lookups,
      notes,
    };
  }
  const reason = clickTrouble ?? (lookups.length === 0 ? 'no_ids' : 'message_not_found');
  return { method: 'none', reason, click: null, message: null, lookups, notes };
}
