import { describe, expect, test } from '@jest/globals';
import { readBaseUrl } from './read-base-url.js';

describe('a base URL', () => {
  test.each([
    ['https://clicks.example.com', 'https://clicks.example.com'],
    ['HTTPS://Clicks.Example.com/', 'https://clicks.example.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://clicks.example.com/track/', 'https://clicks.example.com/track'],
    ['https://clicks.example.com:443', 'https://clicks.example.com'],
  ])('%s is kept as %s', (text, kept) => {
    expect(readBaseUrl(text)).toBe(kept);
  });

  test.each([
    '',
    'clicks.example.com',
    'ftp://clicks.example.com',
    'javascript:alert(1)',
    'https:clicks.example.com',
    'https://',
    'https:///aff_c',
    'https://user:secret@clicks.example.com',
    'https://user@clicks.example.com',
    'https://clicks.example.com?offer=1',
    'https://clicks.example.com/?',
    'https://clicks.example.com/#top',
    'https://clicks.example.com\\@elsewhere.example.com',
    ' https://clicks.example.com',
    'https://clicks.example.com/a b',
    'https://clicks example.com',
    'https://[::1',
  ])('is not %j', (text) => {
    expect(readBaseUrl(text)).toBeNull();
  });
});
