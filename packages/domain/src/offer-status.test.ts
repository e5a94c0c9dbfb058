import { expect, test } from '@jest/globals';
import { offerStatusOf } from './offer-status.js';

test('TUNE’s words are ours; a word that nobody knows is paused', () => {
  const words = ['active', 'ACTIVE', 'paused', 'pending', 'expired', 'deleted', 'sleeping', 'constructor'];
  expect(words.map((word) => offerStatusOf(word, false))).toEqual([
    ...['active', 'active', 'paused', 'paused', 'expired', 'archived', 'paused', 'paused'],
  ]);
});

test('an offer that is over is expired whatever status TUNE left it on, unless it is deleted', () => {
  expect(['active', 'paused', 'sleeping', 'deleted'].map((word) => offerStatusOf(word, true))).toEqual([
    ...['expired', 'expired', 'expired', 'archived'],
  ]);
});
