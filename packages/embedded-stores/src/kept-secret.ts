import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const SECRET_BYTES = 24;

/** 32 characters that need no encoding in a URL. */
const randomSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** A secret kept in a file that its owner alone can read; made at the first call, whole or not at all. */
export function keptSecret(file: string, make: () => string = randomSecret): string {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const secret = make();
  const making = `${file}.${process.pid}`;
  writeFileSync(making, `${secret}\n`, { mode: 0o600 });
  renameSync(making, file);
  return secret;
}
