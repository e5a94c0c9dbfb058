import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  databaseUrl,
  host,
  logLevel,
  publicUrl,
  queuePrefix,
  redisUrl,
  trustProxy,
  tuneApiUrl,
} from './config-addresses.js';
import { apiKeys, encryptionKeys } from './config-keys.js';
import { healthPort, port, rateLimit } from './config-numbers.js';
import { ConfigurationError, parseEnvironment } from './parse-environment.js';

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

const schema = z.object({
  PORT: port,
  HEALTH_PORT: healthPort,
  HOST: host,
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  API_KEYS: apiKeys,
  ENCRYPTION_KEYS: encryptionKeys,
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  TRUST_PROXY: trustProxy,
  PUBLIC_URL: publicUrl.optional(),
  LOG_LEVEL: logLevel,
  QUEUE_PREFIX: queuePrefix,
});

const required = {
  DATABASE_URL: 'postgres://user:pass@127.0.0.1:5432/tune',
  REDIS_URL: 'redis://127.0.0.1:6379',
  API_KEYS: 'a-key-of-sixteen-or-more',
  ENCRYPTION_KEYS: `k1:${keyOf(1)}`,
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnvironment(schema, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('an environment that can be used', () => {
  test('has the documented defaults for all that is unset or empty', () => {
    expect(parseEnvironment(schema, { ...required, PORT: '', LOG_LEVEL: '  ', UNKNOWN: 'x' })).toMatchObject({
      PORT: 3000,
      HEALTH_PORT: null,
      HOST: '127.0.0.1',
      TUNE_API_URL: 'https://{network_id}.api.hasoffers.com/Apiv3/json',
      TUNE_RATE_LIMIT: { calls: 30, windowMs: 10_000 },
      LOG_LEVEL: 'info',
      QUEUE_PREFIX: 'bull',
    });
  });

  test('is read into the shapes that services use', () => {
    const config = parseEnvironment(schema, {
      ...required,
      HEALTH_PORT: '9100',
      TUNE_RATE_LIMIT: '5/2',
      TRUST_PROXY: '10.0.0.0/8, ::1, loopback',
      PUBLIC_URL: 'https://in.example.com/',
      TUNE_API_URL: 'http://127.0.0.1:4000/{network_id}/Apiv3/json',
      ENCRYPTION_KEYS: `k2:${keyOf(2)},k1:${keyOf(1)}`,
      API_KEYS: 'aaaaaaaaaaaaaaaa, ops:bbbbbbbbbbbbbbbb,acme:cccccccccccccccc:acct:1',
    });
    expect(config).toMatchObject({
      HEALTH_PORT: 9100,
      TUNE_RATE_LIMIT: { calls: 5, windowMs: 2_000 },
      TRUST_PROXY: ['10.0.0.0/8', '::1', 'loopback'],
      PUBLIC_URL: 'https://in.example.com',
      TUNE_API_URL: 'http://127.0.0.1:4000/{network_id}/Apiv3/json',
    });
    expect(config.ENCRYPTION_KEYS).toEqual([
      { id: 'k2', key: Buffer.alloc(32, 2) },
      { id: 'k1', key: Buffer.alloc(32, 1) },
    ]);
    expect(config.API_KEYS).toEqual([
      { name: 'key1', key: 'aaaaaaaaaaaaaaaa', accountId: null, role: 'full' },
      { name: 'ops', key: 'bbbbbbbbbbbbbbbb', accountId: null, role: 'full' },
      { name: 'acme', key: 'cccccccccccccccc', accountId: 'acct:1', role: 'full' },
    ]);
  });

  test.each([
    ['a:cccccccccccccccc:acct:read', 'acct', 'read'],
    ['a:cccccccccccccccc:acct:1:read', 'acct:1', 'read'],
    ['a:cccccccccccccccc::read', null, 'read'],
    // An account may be named like the role: only what follows an account is one.
    ['a:cccccccccccccccc:read', 'read', 'full'],
    ['a:cccccccccccccccc:acct:write', 'acct:write', 'full'],
  ])('has keys that may only read: %s', (API_KEYS, accountId, role) => {
    const [key] = parseEnvironment(z.object({ API_KEYS: apiKeys }), { API_KEYS }).API_KEYS;
    expect(key).toEqual({ name: 'a', key: 'cccccccccccccccc', accountId, role });
  });
});

describe('an environment that cannot be used', () => {
  test('is refused with all its problems at once', () => {
    const problems = problemsOf({ PORT: '70000', LOG_LEVEL: 'loud', REDIS_URL: 'redis://h', API_KEYS: 'short' });
    expect(problems).toEqual([
      'PORT: "70000" is not valid; expected a whole number from 0 to 65535',
      'DATABASE_URL: is not set; this service cannot start without it',
      expect.stringContaining('API_KEYS: the key of entry 1 is shorter than 16 characters'),
      'ENCRYPTION_KEYS: is not set; this service cannot start without it',
      'LOG_LEVEL: "loud" is not valid; expected fatal, error, warn, info, debug, trace or silent',
    ]);
  });

  test.each([
    ['PORT', '3000x'],
    ['PORT', '-1'],
    ['PORT', '3e3'],
    ['PORT', '0x10'],
    ['HEALTH_PORT', 'off'],
    ['HOST', 'http://localhost'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://host/db'],
    ['DATABASE_URL', 'host:5432'],
    ['REDIS_URL', 'http://127.0.0.1:6379'],
    ['REDIS_URL', 'redis://127.0.0.1/tune'],
    ['TUNE_RATE_LIMIT', '30'],
    ['TUNE_RATE_LIMIT', '0/10'],
    ['TUNE_RATE_LIMIT', '30/0'],
    ['TUNE_RATE_LIMIT', '30/10s'],
    ['TUNE_API_URL', 'ftp://{network_id}.example.com'],
    ['TUNE_API_URL', 'https://{network}.example.com'],
    ['TUNE_API_URL', 'https://example.com/?network={network_id}'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/40'],
    ['TRUST_PROXY', '10.0.0.1,,10.0.0.2'],
    ['PUBLIC_URL', 'in.example.com'],
    ['PUBLIC_URL', 'https://user:pass@example.com'],
    ['LOG_LEVEL', 'INFO'],
    ['QUEUE_PREFIX', 'a:b'],
    ['ENCRYPTION_KEYS', keyOf(1)],
    ['ENCRYPTION_KEYS', 'k1:tooshort'],
    ['ENCRYPTION_KEYS', `k1:${keyOf(1)},k1:${keyOf(2)}`],
    ['ENCRYPTION_KEYS', `k1:${keyOf(1)},`],
    ['ENCRYPTION_KEYS', `k1:${keyOf(1).replace('A', '!')}`],
    ['API_KEYS', 'name:short'],
    ['API_KEYS', 'aaaaaaaaaaaaaaaa,aaaaaaaaaaaaaaaa'],
    ['API_KEYS', 'a:aaaaaaaaaaaaaaaa,a:bbbbbbbbbbbbbbbb'],
    ['API_KEYS', 'name:aaaaaaaaaaaaaaaa:'],
    ['API_KEYS', 'aaaaaaaaaaaaaaaa,'],
  ])('%s=%s is an error and never a default', (name, value) => {
    const problems = problemsOf({ ...required, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: .*expected `));
  });

  test('never shows the value of a secret', () => {
    const secrets = {
      DATABASE_URL: 'pg://u:Zsecret1@h',
      REDIS_URL: 'http://u:Zsecret2@h',
      API_KEYS: 'Zsecret3,name:Zsecret4',
      ENCRYPTION_KEYS: 'k1:Zsecret5',
      PUBLIC_URL: 'https://u:Zsecret6@h',
    };
    const problems = problemsOf(secrets);
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).not.toContain('Zsecret');
  });
});
