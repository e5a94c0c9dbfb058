import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findMessage, type ClickField, type MessageField } from './find-message.js';
import { readLookups, writeLookups } from './lookup-text.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 4, 2, 10, 0, seconds));

test('lookups that were written are whole again, beside what facts and clicks say', () => {
  fc.assert(
    fc.property(
      fc.record({
        keys: fc.uniqueArray(fc.constantFrom('c 1', 'c:2', 'c3'), { maxLength: 2 }),
        known: fc.subarray(['c 1', 'c:2', 'c3']),
        messages: fc.subarray(['Msg00001', 'Msg00002']),
        value: fc.constantFrom(null, 'Msg00002'),
        isBot: fc.boolean(),
        clicked: fc.integer({ min: -200_000, max: 200_000 }),
        windowDays: fc.constantFrom(1, 90),
      }),
      ({ keys, known, messages, value, isBot, clicked, windowDays }) => {
        const fields: ClickField[] = ['ad_id', 'affiliate_click_id'];
        const clicks = new Map(
          known.map((clickId) => [clickId, { clickId, messageId: 'Msg00001', clickedAt: at(clicked), isBot }]),
        );
        const found = findMessage(
          {
            clicks: keys.map((key, index) => ({ field: fields[index] ?? 'ad_id', key })),
            message: value === null ? null : { field: 'aff_sub', value },
          },
          at(0),
          windowDays,
          {
            clicks,
            messages: new Map(
              messages.map((messageId) => [messageId, { messageId, creativeId: null, campaignId: null }]),
            ),
          },
        );
        const values = new Map<ClickField | MessageField, string | null>([
          ...keys.map((key, index) => [fields[index] ?? 'ad_id', key] as const),
          ['aff_sub', value],
        ]);
        const text = writeLookups(found.lookups);
        expect(text.length).toBeLessThan(100);
        expect(
          readLookups(text, {
            valueOf: (field) => values.get(field) ?? null,
            clickOf: (clickId) => clicks.get(clickId) ?? null,
            convertedAt: at(0),
          }),
        ).toEqual(found.lookups);
      },
    ),
  );
});
