import { expect, test } from '@jest/globals';
import { causeOfDecision } from './cause-of-decision.js';

const decided = { factVersion: 2 };

test('the first decision is the first sight of it, whatever marked the transaction', () => {
  expect(causeOfDecision(null, 1, 'late_click')).toBe('first_seen');
});

test('new facts go before what re-opened the transaction', () => {
  expect(causeOfDecision(decided, 3, 'late_click')).toBe('changed');
});

test('facts that are the same were re-opened by what marked them; an unknown mark is a change', () => {
  const marks = ['late_click', 'late_message', 'reattribution', 'postback', 'pull', 'something'];
  expect(marks.map((mark) => causeOfDecision(decided, 2, mark))).toEqual([...marks.slice(0, -1), 'changed']);
});
