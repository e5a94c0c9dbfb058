import { describe, expect, test } from '@jest/globals';
import type { Click, Message } from './facts-of-platform.js';
import { findMessage, searchOfRow } from './find-message.js';
import type { IdField } from './id-fields.js';

const CONVERTED = new Date('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;
const SETTINGS = { clickIdField: 'affiliate_click_id', messageIdField: 'aff_sub' } as const;

const message = (messageId: string): Message => ({ messageId, creativeId: `cr-${messageId}`, campaignId: null });
const click = (clickId: string, messageId: string, agoMs = DAY_MS, isBot = false): Click => ({
  clickId,
  messageId,
  clickedAt: new Date(CONVERTED.getTime() - agoMs),
  isBot,
});

function find(
  facts: { ad_id?: string | null; ids?: Partial<Record<IdField, string | null>> },
  known: { clicks?: Click[]; messages?: Message[] },
  settings: { clickIdField: IdField | null; messageIdField: 'aff_sub' | 'source' } = SETTINGS,
) {
  const clicks = new Map((known.clicks ?? []).map((one) => [one.clickId, one]));
  const messages = new Map((known.messages ?? []).map((one) => [one.messageId, one]));
  const search = searchOfRow({ ad_id: facts.ad_id ?? null, ids: facts.ids ?? {} }, settings);
  const found = findMessage(search, CONVERTED, 90, { clicks, messages });
  return { ...found, to: found.message?.messageId ?? null };
}

describe('the two passes', () => {
  test('ad_id finds a click, and the click its message', () => {
    const found = find({ ad_id: 'k1' }, { clicks: [click('k1', 'AAAAAAAA')], messages: [message('AAAAAAAA')] });
    expect(found).toMatchObject({ method: 'click', reason: 'click_by_ad_id', to: 'AAAAAAAA', notes: [] });
  });

  test('where ad_id finds nothing the click id field is asked', () => {
    const facts = { ad_id: 'tune-own', ids: { affiliate_click_id: 'k1' } };
    const known = { clicks: [click('k1', 'AAAAAAAA')], messages: [message('AAAAAAAA')] };
    expect(find(facts, known)).toMatchObject({ method: 'click', reason: 'click_by_click_id_field', to: 'AAAAAAAA' });
    expect(find(facts, known, { ...SETTINGS, clickIdField: null })).toMatchObject({ method: 'none' });
  });

  test('without a click the message id field is looked up, case and all', () => {
    const known = { messages: [message('AbCd1234')] };
    expect(find({ ids: { aff_sub: 'AbCd1234' } }, known)).toMatchObject({
      method: 'message_id',
      reason: 'no_click_found',
      to: 'AbCd1234',
    });
    expect(find({ ids: { aff_sub: 'abcd1234' } }, known)).toMatchObject({
      method: 'none',
      reason: 'message_not_found',
    });
    expect(find({ ids: { aff_sub: 'ABCD12345' } }, known)).toMatchObject({ method: 'none', reason: 'no_ids' });
    expect(find({ ids: { source: 'AbCd1234' } }, known)).toMatchObject({ method: 'none', reason: 'no_ids' });
  });

  test('pass 1 wins, and a disagreement is noted', () => {
    const facts = { ad_id: 'k1', ids: { aff_sub: 'BBBBBBBB' } };
    const known = { clicks: [click('k1', 'AAAAAAAA')], messages: [message('AAAAAAAA'), message('BBBBBBBB')] };
    expect(find(facts, known)).toMatchObject({ method: 'click', to: 'AAAAAAAA', notes: ['passes_disagree'] });
  });

  test('a click of exactly the window counts, one a millisecond older does not', () => {
    const messages = [message('AAAAAAAA'), message('BBBBBBBB')];
    const inside = { clicks: [click('k1', 'AAAAAAAA', 90 * DAY_MS)], messages };
    const outside = { clicks: [click('k1', 'AAAAAAAA', 90 * DAY_MS + 1)], messages };
    expect(find({ ad_id: 'k1' }, inside)).toMatchObject({ method: 'click', to: 'AAAAAAAA' });
    expect(find({ ad_id: 'k1' }, outside)).toMatchObject({ method: 'none', reason: 'click_outside_window' });
    expect(find({ ad_id: 'k1', ids: { aff_sub: 'BBBBBBBB' } }, outside)).toMatchObject({
      method: 'message_id',
      reason: 'click_outside_window',
      to: 'BBBBBBBB',
    });
  });

  test('a click after the conversion counts, and so does one of a bot, both with a note', () => {
    const known = { clicks: [click('k1', 'AAAAAAAA', -DAY_MS, true)], messages: [message('AAAAAAAA')] };
    expect(find({ ad_id: 'k1' }, known)).toMatchObject({
      method: 'click',
      notes: ['click_after_conversion', 'click_is_bot'],
    });
  });

  test('a click whose message is not known yet leaves it to pass 2', () => {
    const clicks = [click('k1', 'AAAAAAAA')];
    expect(find({ ad_id: 'k1' }, { clicks })).toMatchObject({ method: 'none', reason: 'click_message_unknown' });
    const facts = { ad_id: 'k1', ids: { aff_sub: 'BBBBBBBB' } };
    expect(find(facts, { clicks, messages: [message('BBBBBBBB')] })).toMatchObject({
      method: 'message_id',
      reason: 'click_message_unknown',
      to: 'BBBBBBBB',
    });
  });
});
