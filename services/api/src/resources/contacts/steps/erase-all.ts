import { eraseContacts, inTransaction, type Database } from '@trackly-tune/database';

/** What an erasure has done, in numbers: whose contacts they were is not kept anywhere. */
export interface Erasure {
  /** Contacts that were found on a message. */
  readonly contacts: number;
  readonly messages: number;
}

/** Messages of one transaction: their locks are held for milliseconds, whatever a contact was sent. */
const BATCH_MESSAGES_MAX = 2_000;

/**
 * Takes contacts out of all messages of an account, batch by batch, each a transaction of its own. One that is cut off
 * has done what it has done, and goes on when it is asked again. Ends: what is erased is not found again.
 */
export async function eraseAll(
  db: Database,
  accountId: string,
  contactIds: readonly string[],
  batchMessagesMax = BATCH_MESSAGES_MAX,
): Promise<Erasure> {
  let left = [...new Set(contactIds)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const found = new Set<string>();
  for (let messages = 0; ;) {
    const batch = await inTransaction(db, (tx) => eraseContacts(tx, accountId, left, batchMessagesMax));
    for (const [contactId, count] of batch.messages) {
      found.add(contactId);
      messages += count;
    }
    if (batch.isLast) return { contacts: found.size, messages };
    const last = [...batch.messages.keys()].at(-1);
    left = left.slice(Math.max(0, left.indexOf(last ?? '')));
  }
}
