import { addFirstSecret, readPostbackConfig, type Database, type NewPostbackSecret } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { postbackSecretContext, type KeyRing } from '@trackly-tune/service-runtime';
import { randomBytes } from 'node:crypto';
import type { Warning } from '../../integrations/rules/judge-look.js';
import { judgePublicUrl } from '../rules/judge-public-url.js';
import {
  postbackParameters,
  postbackUrl,
  POSTBACK_INSTRUCTIONS,
  type PostbackParameter,
} from '../rules/postback-template.js';
import { hashSecret } from '../../../http/hash-secret.js';

const SECRET_BYTES = 24;

/** A new secret for an offer, ready to be stored. It has enough randomness for its plain hash to be safe. */
export function makePostbackSecret(keyRing: KeyRing, offerId: bigint): NewPostbackSecret {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return {
    hash: hashSecret(secret),
    sealed: keyRing.seal(secret, postbackSecretContext(offerId)),
  };
}

export interface ShownPostbackConfig {
  readonly accountId: string;
  readonly url: string;
  readonly method: 'GET';
  readonly parameters: readonly PostbackParameter[];
  readonly extraParameters: Readonly<Record<string, string>>;
  readonly secrets: readonly { readonly createdAt: Date; readonly expiresAt: Date | null }[];
  readonly instructions: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * The postback URL of an offer and all that belongs to it; null when there is no such offer. The first secret is made
 * when the URL is first asked for. The answer holds the secret: never log it.
 */
export async function showPostbackConfig(
  parts: { db: Database; keyRing: KeyRing; publicUrl: string },
  offerId: bigint,
): Promise<ShownPostbackConfig | null> {
  const { db, keyRing, publicUrl } = parts;
  let config = await readPostbackConfig(db, offerId);
  if (config !== null && !config.secrets.some(({ expiresAt }) => expiresAt === null)) {
    await addFirstSecret(db, offerId, makePostbackSecret(keyRing, offerId));
    config = await readPostbackConfig(db, offerId);
  }
  const current = config?.secrets[0];
  if (config === null || current === undefined) return null;
  const template = {
    offerId: toPublicId('offer', offerId),
    messageIdField: config.messageIdField,
    clickIdField: config.clickIdField,
    extraParameters: config.extraParameters,
  };
  return {
    accountId: config.accountId,
    url: postbackUrl(publicUrl, template, keyRing.open(current.sealed, postbackSecretContext(offerId))),
    method: 'GET',
    parameters: postbackParameters(template),
    extraParameters: config.extraParameters,
    secrets: config.secrets.map(({ createdAt, expiresAt }) => ({ createdAt, expiresAt })),
    instructions: POSTBACK_INSTRUCTIONS,
    warnings: judgePublicUrl(publicUrl),
  };
}
