import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { CodedError } from '@trackly-tune/domain';
import type { EncryptionKey } from './config-keys.js';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A sealed text cannot be opened here. Not worth trying again: a person must bring back the key or the text. */
export class KeyRingError extends CodedError<'unknown_encryption_key' | 'decryption_failed'> {
  constructor(code: 'unknown_encryption_key' | 'decryption_failed', message: string) {
    super(code, message, { advice: 'never' });
  }
}

/** Seals secrets for the database (AES-256-GCM). The context is authenticated: a text opens in its own row only. */
export interface KeyRing {
  /** → `v1.<keyId>.<iv>.<tag + ciphertext>`, the last two base64url. */
  seal(plaintext: string, context: string): string;
  /** Throws KeyRingError. */
  open(sealed: string, context: string): string;
  /** True when the text was sealed by another key than the first. */
  needsReencryption(sealed: string): boolean;
  /**
   * Keyed hashes of a text, one for each key and the first key's first, as hex: who has the database and none of the
   * keys cannot try out what the text was.
   */
  fingerprints(text: string): readonly string[];
}

/** Encryption and fingerprints never use the same key: each has its own, derived from the one that was given. */
function fingerprintKey({ key }: EncryptionKey): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'fingerprint', KEY_BYTES));
}

/** The first key seals, all open. Throws KeyRingError without any key. */
export function createKeyRing(keys: readonly EncryptionKey[]): KeyRing {
  const [first] = keys;
  if (!first) throw new KeyRingError('unknown_encryption_key', 'No encryption key was given');
  const fingerprintKeys = keys.map(fingerprintKey);
  return {
    fingerprints: (text) => fingerprintKeys.map((key) => createHmac('sha256', key).update(text).digest('hex')),
    seal(plaintext, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return [
        VERSION,
        first.id,
        iv.toString('base64url'),
        Buffer.concat([cipher.getAuthTag(), body]).toString('base64url'),
      ].join('.');
    },
    open(sealed, context) {
      const [version, keyId, iv, body, ...rest] = sealed.split('.');
      const key = keys.find(({ id }) => id === keyId);
      if (version !== VERSION || iv === undefined || body === undefined || rest.length > 0) {
        throw new KeyRingError('decryption_failed', 'The stored secret has an unknown form');
      }
      if (!key) {
        throw new KeyRingError(
          'unknown_encryption_key',
          `ENCRYPTION_KEYS lacks the key "${keyId}" that sealed this secret`,
        );
      }
      try {
        const bytes = Buffer.from(body, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key.key, Buffer.from(iv, 'base64url'), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(0, TAG_BYTES));
        return decipher.update(bytes.subarray(TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new KeyRingError(
          'decryption_failed',
          'The stored secret cannot be opened: it was changed, or moved to another row',
        );
      }
    },
    needsReencryption: (sealed) => sealed.split('.')[1] !== first.id,
  };
}

/** The context that an integration's token is bound to. */
export function tokenContext(integrationId: bigint): string {
  return `integration:${integrationId}:network_token`;
}

/** The context that an offer's postback secret is bound to. */
export function postbackSecretContext(offerId: bigint): string {
  return `offer:${offerId}:postback_secret`;
}
