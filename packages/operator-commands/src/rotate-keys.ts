import { CodedError } from '@trackly-tune/domain';
import { openDatabase, SEALED_SECRETS } from '@trackly-tune/database';
import { createKeyRing, databaseUrl, encryptionKeys } from '@trackly-tune/service-runtime';
import { z } from 'zod';
import { reencryptSecrets } from './reencrypt-secrets.js';
import { runCommand, type CommandOutput, type Environment } from './run-command.js';

/** The environment of the command. */
export const rotateKeysConfig = z.object({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: encryptionKeys });

/** Some secrets are sealed by a key that is not there: the old key must not be thrown away. */
class UnreadableSecretsError extends CodedError<'secrets_unreadable'> {
  constructor(message: string) {
    super('secrets_unreadable', message, { advice: 'never' });
  }
}

/**
 * Re-encrypts tokens and postback secrets with the first of ENCRYPTION_KEYS and says how many. Returns the exit code: 0
 * only when no secret needs another key any more.
 */
export function runRotateKeys(env: Environment, output: CommandOutput): Promise<number> {
  return runCommand({
    env,
    output,
    config: rotateKeysConfig,
    failed: 'Not every secret could be re-encrypted',
    async run({ DATABASE_URL, ENCRYPTION_KEYS }, { say, complain }) {
      const keyRing = createKeyRing(ENCRYPTION_KEYS);
      const { db, close } = openDatabase({ databaseUrl: DATABASE_URL, name: 'rotate-keys', connectionsMax: 1 });
      let unreadableCount = 0;
      try {
        for (const kind of SEALED_SECRETS) {
          const { looked, reencrypted, changedMeanwhile, unreadable } = await reencryptSecrets(db, keyRing, kind);
          say(
            `${kind}: ${looked} looked at, ${reencrypted} re-encrypted, ${changedMeanwhile} changed meanwhile, ` +
              `${unreadable.length} unreadable`,
          );
          for (const { owner, code } of unreadable) complain(`${kind} of ${owner}: ${code}`);
          unreadableCount += unreadable.length;
        }
      } finally {
        await close();
      }
      if (unreadableCount > 0) {
        throw new UnreadableSecretsError(`${unreadableCount} need a key that ENCRYPTION_KEYS lacks; keep the old keys`);
      }
      say(`Everything is sealed by the key "${ENCRYPTION_KEYS[0]?.id ?? ''}".`);
    },
  });
}
