import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { keptSecret, type DataFolder } from '@trackly-tune/embedded-stores';

const ENCRYPTION_KEY_BYTES = 32;

/** The file that keeps the generated API key; its path may be shown, its content never. */
export const apiKeyFile = (data: DataFolder): string => path.join(data.secrets, 'api-key');

/** API_KEYS with one key that sees every account, kept in the data folder. */
export function generatedApiKeys(data: DataFolder): string {
  return `generated:${keptSecret(apiKeyFile(data))}`;
}

/** ENCRYPTION_KEYS with one key, kept in the data folder: without it no stored token can be opened again. */
export function generatedEncryptionKeys(data: DataFolder): string {
  const make = (): string => `generated:${randomBytes(ENCRYPTION_KEY_BYTES).toString('base64')}`;
  return keptSecret(path.join(data.secrets, 'encryption-keys'), make);
}
