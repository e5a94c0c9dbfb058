import {
  listSealedSecrets,
  replaceSealedSecrets,
  type Database,
  type SealedSecret,
  type SealedSecretKind,
} from '@trackly-tune/database';
import { codeOf, type PublicId, type PublicIdKind, toPublicId } from '@trackly-tune/domain';
import { postbackSecretContext, tokenContext, type KeyRing } from '@trackly-tune/service-runtime';

export interface ReencryptCounts {
  readonly looked: number;
  /** Re-encrypted with the first key. */
  readonly reencrypted: number;
  /** Changed by somebody else meanwhile, which seals by the first key as well. */
  readonly changedMeanwhile: number;
  /** What could not be opened stays as it is; a person must bring its key back. */
  readonly unreadable: readonly { readonly owner: PublicId; readonly code: string }[];
}

const BATCH_ROWS = 500;

const OWNERS: Readonly<Record<SealedSecretKind, PublicIdKind>> = {
  network_tokens: 'integration',
  postback_secrets: 'offer',
};

const CONTEXTS: Readonly<Record<SealedSecretKind, (ownerId: bigint) => string>> = {
  network_tokens: tokenContext,
  postback_secrets: postbackSecretContext,
};

/**
 * Seals every secret of a kind by the key ring's first key, in batches, and leaves alone what is sealed by it already:
 * to stop half-way and to run again is harmless. Safe while services run that know both keys.
 */
export async function reencryptSecrets(
  db: Database,
  keyRing: KeyRing,
  kind: SealedSecretKind,
  batchRows = BATCH_ROWS,
): Promise<ReencryptCounts> {
  let [looked, reencrypted, wanted] = [0, 0, 0];
  const unreadable: { owner: PublicId; code: string }[] = [];
  const reencrypt = ({ id, ownerId, sealed }: SealedSecret) => {
    if (!keyRing.needsReencryption(sealed)) return [];
    const context = CONTEXTS[kind](ownerId);
    try {
      return [{ id, from: sealed, to: keyRing.seal(keyRing.open(sealed, context), context) }];
    } catch (error) {
      unreadable.push({ owner: toPublicId(OWNERS[kind], ownerId), code: codeOf(error) ?? 'decryption_failed' });
      return [];
    }
  };
  for (let afterId = 0n; ;) {
    const rows = await listSealedSecrets(db, kind, { afterId, limit: batchRows });
    const last = rows.at(-1);
    if (last === undefined) break;
    looked += rows.length;
    const batch = rows.flatMap(reencrypt);
    wanted += batch.length;
    if (batch.length > 0) reencrypted += await replaceSealedSecrets(db, kind, batch);
    afterId = last.id;
  }
  return { looked, reencrypted, changedMeanwhile: wanted - reencrypted, unreadable };
}
