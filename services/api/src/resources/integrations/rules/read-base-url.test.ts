import { describe, expect, test } from '@jest/globals';
import { explainBaseUrl, readBaseUrl } from './read-base-url.js';

describe('a base URL', () => {
  test.each([
    ['https://clicks.example.com', 'https://clicks.example.com'],
    ['HTTPS://Clicks.Example.com/', 'https://clicks.example.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://clicks.example.com:443', 'https://clicks.example.com'],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ])('%s is kept as %s', (text, kept) => {
    expect(readBaseUrl(text)).toBe(kept);
  });

  test.each([
    ['https://go.example.com/aff_c', 'https://go.example.com'],
    ['https://go.example.com/aff_c?offer_id=1&aff_id=2', 'https://go.example.com'],
    ['https://go.example.com//', 'https://go.example.com'],
    ['http://Go.Example.com:8080/track/', 'http://go.example.com:8080'],
    ['https://go.example.com?offer=1', 'https://go.example.com'],
    ['https://go.example.com/?', 'https://go.example.com'],
    ['https://go.example.com/#top', 'https://go.example.com'],
    ['https://user:hidden@go.example.com', 'https://go.example.com'],
    ['https://user@go.example.com', 'https://go.example.com'],
    [' https://go.example.com', 'https://go.example.com'],
    ['go.example.com', 'https://go.example.com'],
    ['go.example.com:8080/aff_c', 'https://go.example.com:8080'],
    ['https:go.example.com', 'https://go.example.com'],
  ])('is not %j: %s was probably meant, and nothing else of it is repeated', (text, meant) => {
    expect(readBaseUrl(text)).toBeNull();
    expect(explainBaseUrl(text)).toMatch(new RegExp(`probably ${meant} is meant$`));
    expect(explainBaseUrl(text)).not.toContain('hidden');
  });

  test.each([
    '',
    'ftp://go.example.com',
    'javascript:alert(1)',
    'https://',
    'https:///aff_c',
    'https://go.example.com\\@elsewhere.example.com',
    'https://go.example.com/a b',
    'https://go example.com',
    'https://[::1',
    'somewhere',
  ])('is not %j, and what was meant is not guessed', (text) => {
    expect(readBaseUrl(text)).toBeNull();
    expect(explainBaseUrl(text)).toMatch(/, e\.g\. https:\/\/go\.example\.com$/);
  });
});
