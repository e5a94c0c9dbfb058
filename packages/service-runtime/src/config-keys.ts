import { z } from 'zod';

export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface ApiKey {
  readonly name: string;
  readonly key: string;
  /** null: sees every account. */
  readonly accountId: string | null;
  /** `read` may look at everything that the key sees, and change nothing. */
  readonly role: 'full' | 'read';
}

const ENCRYPTION_KEY_BYTES = 32;
const API_KEY_LENGTH_MIN = 16;

/** The positions, from 1, of entries whose value stood before. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index + 1] : []));
}

/** ENCRYPTION_KEYS: `keyId:base64,…`; the first encrypts, all decrypt. Problems name the entry, never the key. */
export const encryptionKeys = z.string().transform((text, context): EncryptionKey[] => {
  const entries = text.split(',').map((entry) => entry.trim());
  const problems: string[] = [];
  const keys = entries.map((entry, index): EncryptionKey => {
    const split = entry.indexOf(':');
    const [id, secret] = [entry.slice(0, Math.max(split, 0)), entry.slice(split + 1)];
    const key = Buffer.from(secret, 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
      problems.push(`entry ${index + 1} has no id of 1 to 32 letters, digits, _ or - before a colon`);
    } else if (!/^[A-Za-z0-9+/]+={0,2}$/.test(secret) || key.length !== ENCRYPTION_KEY_BYTES) {
      problems.push(`entry ${index + 1} is no base64 of ${ENCRYPTION_KEY_BYTES} bytes`);
    }
    return { id, key };
  });
  for (const entry of repeated(keys.map(({ id }) => id))) problems.push(`entry ${entry} repeats an id`);
  if (problems.length === 0) return keys;
  context.addIssue({ code: 'custom', message: `${problems.join('; ')}; expected keyId:base64, separated by commas` });
  return z.NEVER;
});

function readApiKey(entry: string, index: number): ApiKey {
  const [first = '', key, ...rest] = entry.split(':');
  if (key === undefined) return { name: `key${index + 1}`, key: first, accountId: null, role: 'full' };
  const isRead = rest.length > 1 && rest.at(-1) === 'read';
  const account = isRead ? rest.slice(0, -1) : rest;
  // An account's id may hold colons itself. For a key that reads, an empty one means all.
  const isAll = account.length === 0 || (isRead && account.join(':') === '');
  return { name: first, key, accountId: isAll ? null : account.join(':'), role: isRead ? 'read' : 'full' };
}

/**
 * API_KEYS: `key`, `name:key`, `name:key:account_id` or `name:key:account_id:read`, separated by commas; an empty account
 * before `:read` means all. Problems never show a key.
 */
export const apiKeys = z.string().transform((text, context): ApiKey[] => {
  const keys = text.split(',').map((entry, index) => readApiKey(entry.trim(), index));
  const problems = keys.flatMap(({ name, key, accountId }, index) => {
    const entry = `entry ${index + 1}`;
    if (key.length < API_KEY_LENGTH_MIN)
      return [`the key of ${entry} is shorter than ${API_KEY_LENGTH_MIN} characters`];
    if (!/^[\x21-\x7e]+$/.test(key)) return [`the key of ${entry} has characters that a header cannot carry`];
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name))
      return [`${entry} has a name that is not 1 to 64 letters, digits, _ . or -`];
    return accountId === '' ? [`${entry} has an empty account`] : [];
  });
  for (const entry of repeated(keys.map(({ key }) => key))) problems.push(`entry ${entry} repeats a key`);
  for (const entry of repeated(keys.map(({ name }) => name))) problems.push(`entry ${entry} repeats a name`);
  if (problems.length === 0) return keys;
  context.addIssue({
    code: 'custom',
    message: `${problems.join('; ')}; expected key, name:key, name:key:account_id or name:key:account_id:read, separated by commas`,
  });
  return z.NEVER;
});
