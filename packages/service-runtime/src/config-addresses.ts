import { isIP } from 'node:net';
import { z } from 'zod';
import { notValid } from './config-numbers.js';

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** HOST: what a server binds to. */
export const host = z
  .string()
  .refine((text) => isIP(text) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text), {
    error: notValid('a host name or an IP address'),
  })
  .default('127.0.0.1');

/** DATABASE_URL. It holds a password: problems never show it. */
export const databaseUrl = z
  .string()
  .refine((text) => ['postgres:', 'postgresql:'].includes(parseUrl(text)?.protocol ?? ''), {
    error: 'expected a URL that starts with postgres:// or postgresql://',
  });

/** REDIS_URL. It may hold a password: problems never show it. */
export const redisUrl = z.string().refine(
  (text) => {
    const url = parseUrl(text);
    return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^\/?\d{0,3}$/.test(url.pathname);
  },
  { error: 'expected a URL that starts with redis:// or rediss:// and names a host, and at most a database number' },
);

/** QUEUE_PREFIX: what every key of the queues in Redis begins with. */
export const queuePrefix = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: notValid('1 to 64 letters, digits, _ or -') })
  .default('bull');

/** PUBLIC_URL: how TUNE reaches this service; without a slash at its end. */
export const publicUrl = z
  .string()
  .refine(
    (text) => {
      const url = parseUrl(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
    },
    { error: 'expected an http:// or https:// URL without user, query and fragment' },
  )
  .transform((text) => text.replace(/\/+$/, ''));

/** TUNE_API_URL: a template; `{network_id}` may stand anywhere in it, also in the host. */
export const tuneApiUrl = z
  .string()
  .refine(
    (text) => {
      const filled = text.replaceAll('{network_id}', 'network');
      const url = parseUrl(filled);
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && !/[?#{}]/.test(filled);
    },
    { error: 'expected an http:// or https:// URL without user and query, in which {network_id} may stand' },
  )
  .transform((text) => text.replace(/\/+$/, ''))
  .default('https://{network_id}.api.hasoffers.com/Apiv3/json');

const PROXY_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isProxyRange(text: string): boolean {
  if (PROXY_NAMES.has(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** TRUST_PROXY: addresses or ranges of proxies whose forwarded headers count; undefined = none. */
export const trustProxy = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((ranges) => ranges.every(isProxyRange), {
    error: 'expected IP addresses, ranges like 10.0.0.0/8, loopback, linklocal or uniquelocal, separated by commas',
  })
  .optional();

/** LOG_LEVEL. */
export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    error: notValid('fatal, error, warn, info, debug, trace or silent'),
  })
  .default('info');
