import { readSealedToken, type Database } from '@trackly-tune/database';
import { KeyRingError, tokenContext, type KeyRing } from '@trackly-tune/service-runtime';

export type StoredToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Opens the token of an integration, to be sent to TUNE and nowhere else; a key that is missing is an answer. */
export async function openStoredToken(
  { db, keyRing }: { db: Database; keyRing: KeyRing },
  integrationId: bigint,
): Promise<StoredToken> {
  try {
    const sealed = (await readSealedToken(db, integrationId)) ?? '';
    return { ok: true, token: keyRing.open(sealed, tokenContext(integrationId)) };
  } catch (error) {
    if (!(error instanceof KeyRingError)) throw error;
    const message = 'The stored token cannot be opened; enter it again, or bring back its encryption key';
    return { ok: false, code: error.code, message };
  }
}
