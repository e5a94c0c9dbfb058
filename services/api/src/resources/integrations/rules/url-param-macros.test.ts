import { expect, test } from '@jest/globals';
import { hasKnownMacrosOnly } from './url-param-macros.js';

test.each([
  '',
  'plain',
  '{{messageId}}',
  'a-{{offerId}}-{{externalId}}-{{clickId}}',
  '{affiliate_id}',
  '{"a":{"b":1}}',
  '}}',
])('%j holds known macros only', (value) => {
  expect(hasKnownMacrosOnly(value)).toBe(true);
});

test.each([
  '{{messageid}}',
  '{{ messageId }}',
  '{{contactId}}',
  '{{messageId',
  '{{}}',
  '{{messageId}}{{x}}',
  '{{{{clickId}}}}',
])('%j holds another one', (value) => {
  expect(hasKnownMacrosOnly(value)).toBe(false);
});
