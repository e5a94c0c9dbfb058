import { expect, test } from '@jest/globals';
import { explainAffiliateId } from './explain-affiliate-id.js';

test.each([
  ['0012', 'probably 12 is meant'],
  [' 1002 ', 'probably 1002 is meant'],
  ['0', 'e.g. 1002'],
  ['12a', 'e.g. 1002'],
  ['-4', 'e.g. 1002'],
  ['', 'e.g. 1002'],
  // Twenty digits: more than TUNE's ids have.
  ['12345678901234567890', 'e.g. 1002'],
])('of %j it is said: %s', (text, end) => {
  expect(explainAffiliateId(text)).toMatch(new RegExp(`^must be a whole number .*${end}$`));
});
