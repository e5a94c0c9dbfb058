import { describe, expect, test } from '@jest/globals';
import { judgePublicUrl } from './judge-public-url.js';

describe('the address in postback URLs', () => {
  test.each([
    'http://127.0.0.1:3000',
    'http://127.1:3000',
    'http://localhost:3000',
    'https://in.localhost',
    'http://[::1]:3000',
    'http://0.0.0.0:3000',
    'http://[::]:3000',
  ])('%s leads nobody but this machine here', (url) => {
    expect(judgePublicUrl(url)).toMatchObject([{ code: 'public_url_loopback' }]);
    expect(judgePublicUrl(url)[0]?.message).toContain('PUBLIC_URL');
  });

  test.each(['https://in.example.com', 'http://203.0.113.7:3001', 'http://[2001:db8::1]', 'https://127.example.com'])(
    '%s may lead here from elsewhere',
    (url) => {
      expect(judgePublicUrl(url)).toEqual([]);
    },
  );
});
