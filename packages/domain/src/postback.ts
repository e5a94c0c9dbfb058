import type { ConversionStatus } from './conversion.js';
import type { MessageSearch } from './find-message.js';
import { CLICK_ID_LENGTH_MAX, MESSAGE_ID_PATTERN } from './id-fields.js';
import type { AmountE5 } from './money.js';
import { parseAmountE5 } from './money.js';
import { fromPublicId } from './public-id.js';

export const POSTBACK_EVENTS = ['lead', 'sale', 'rebill', 'refund', 'chargeback', 'install', 'signup'] as const;
export type PostbackEvent = (typeof POSTBACK_EVENTS)[number];

/** What a postback itself said, read strictly (`readPostback`); null for what was missing or a literal macro. */
export interface SaidByPostback {
  readonly txn_id: string | null;
  readonly click_id: string | null;
  readonly message_id: string | null;
  readonly goal_id: string | null;
  readonly event: PostbackEvent | null;
  readonly status: ConversionStatus;
  /** As it was written; null when the macro was not filled. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** Parameters that a person added to the URL. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** What is known of a postback: what it said, with what was pinned when it was first received. */
export interface PostbackFacts extends SaidByPostback {
  /** What the books know the offer by: the network's id, or our own id for an offer that the network does not know. */
  readonly offer_id: string;
  /** Given, else the offer's, else the integration's default. */
  readonly currency: string;
  /** When the first delivery was received, ISO 8601. */
  readonly received_at: string;
}

/** Refunds and chargebacks take money back; they stand for no conversion, so no pulled row claims them. */
export function isReversal(event: PostbackEvent | null): boolean {
  return event === 'refund' || event === 'chargeback';
}

/** What a postback is worth when it counts: a reversal takes away, whichever sign it was written with. */
export function amountOfPostback(facts: Pick<PostbackFacts, 'amount' | 'event'>): AmountE5 | null {
  if (facts.amount === null) return null;
  const amount = parseAmountE5(facts.amount);
  if (amount === null) throw new RangeError('The facts of a postback hold an unreadable amount');
  return isReversal(facts.event) && amount > 0n ? -amount : amount;
}

/**
 * What makes two postbacks one record: offer, transaction id, event, goal and amount with its currency; without a
 * transaction id also the click and the message. TUNE sends nothing that tells a repeated delivery from a second
 * conversion that is equal in all of these, so the pull alone can tell of the second (tune-api.md, section 6.3).
 * The status is no part of it: a record moves from pending to approved to rejected.
 *
 * @param offerId our number of the offer; it never changes, while the network's id may become known later
 */
export function postbackKey(offerId: bigint, said: SaidByPostback): string {
  const amount = amountOfPostback(said);
  const what = [said.txn_id, said.event, said.goal_id, amount === null ? null : amount.toString(), said.currency];
  const who = said.txn_id === null ? [said.click_id, said.message_id] : [];
  return JSON.stringify([offerId.toString(), ...what, ...who]);
}

/** The key of the transaction a postback belongs to; one without a transaction id stands alone. */
export function postbackTransactionKey(facts: Pick<PostbackFacts, 'txn_id'>, keyHash: string): string {
  return facts.txn_id === null ? `postback:${keyHash}` : `ad:${facts.txn_id}`;
}

const STATUS_ORDER: Readonly<Record<ConversionStatus, number>> = { pending: 0, approved: 1, rejected: 2 };

/** True when `next` takes a record further. */
export function isLaterStatus(next: ConversionStatus, than: ConversionStatus): boolean {
  return STATUS_ORDER[next] > STATUS_ORDER[than];
}

/**
 * One record out of two deliveries of it, the same in whatever order they are taken: the state moves forward only, so
 * that a repeated older delivery undoes nothing, and the first delivery stays the moment of receipt.
 */
export function mergePostbacks(a: PostbackFacts, b: PostbackFacts): PostbackFacts {
  const [first, second] = a.received_at <= b.received_at ? [a, b] : [b, a];
  return isLaterStatus(second.status, first.status) ? { ...first, status: second.status } : first;
}

/** Where a postback looks: the transaction id and the click id among clicks, then the message id (product-rules.md). */
export function searchOfPostback(facts: Pick<PostbackFacts, 'txn_id' | 'click_id' | 'message_id'>): MessageSearch {
  const clicks: MessageSearch['clicks'][number][] = [];
  if (facts.txn_id !== null) clicks.push({ field: 'txn_id', key: facts.txn_id });
  if (facts.click_id !== null && facts.click_id !== facts.txn_id) {
    clicks.push({ field: 'click_id', key: facts.click_id });
  }
  const message = facts.message_id;
  return {
    clicks: clicks.filter(({ key }) => key.length <= CLICK_ID_LENGTH_MAX),
    message: message !== null && MESSAGE_ID_PATTERN.test(message) ? { field: 'message_id', value: message } : null,
  };
}

/** True when the books know the offer by our own id: the network's is unknown, so it contradicts no pulled row. */
export function isOwnOfferKey(offerKey: string): boolean {
  return fromPublicId('offer', offerKey) !== null;
}
