import { expect, test } from '@jest/globals';
import { refuseFuture } from './refuse-future.js';

const NOW = new Date('2026-03-01T12:00:00Z');

test.each([
  ['2020-01-01T00:00:00Z', null],
  ['2026-03-01T12:00:00Z', null],
  // A day is for clocks and zones that are wrong.
  ['2026-03-02T12:00:00.000Z', null],
  ['2026-03-02T12:00:00.001Z', 'time_in_future'],
])('what happened at %s is %p', (at, code) => {
  expect(refuseFuture('clicked_at', new Date(at), NOW)?.code ?? null).toBe(code);
});

test('the text names the field and the time', () => {
  expect(refuseFuture('sent_at', new Date('2027-01-01T00:00:00Z'), NOW)?.error).toMatch(
    /^sent_at: 2027-01-01T00:00:00.000Z is more than a day in the future/,
  );
});
