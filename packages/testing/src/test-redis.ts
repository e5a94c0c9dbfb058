import { randomBytes } from 'node:crypto';

/** The Redis of the test run and a key prefix that nobody else uses. */
export function testRedis(): { url: string; prefix: string } {
  const url = process.env.TEST_REDIS_URL;
  if (!url) throw new Error('TEST_REDIS_URL is not set: run the tests with `npm test`, which starts the stores');
  return { url, prefix: `trackly_test_${randomBytes(6).toString('hex')}` };
}
