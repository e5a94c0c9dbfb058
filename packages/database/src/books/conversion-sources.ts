import { sql, type RawBuilder } from 'kysely';
import { addDays, daysBetween } from '@trackly-tune/domain';
import { findEach } from '../connection/find-each.js';
import { NOT_DECIDED, type ConversionFilter } from './conversion-filter.js';

export interface ListPage {
  /** Exclusive. */
  readonly after: bigint;
  /** Inclusive; default no bound. */
  readonly through?: bigint;
  readonly limit: number;
}

/** Where a list looks for conversions `c` of an integration `mine`; what it finds is still held against every condition. */
export interface ListSource {
  readonly source: RawBuilder<unknown>;
  /** What its rows are in order by. */
  readonly order: RawBuilder<unknown>;
  readonly condition: RawBuilder<unknown>;
}

/*
 * Each source is behind a fence (`OFFSET 0`): PostgreSQL knows neither how few rows an id finds nor that days and ids grow
 * together, and would walk a network's conversions from the first.
 */

export const ALL = sql`conversions c`;

/** What is not decided yet is due; decisions know nothing of it. */
const UNDECIDED = sql`due_transactions t
  ${findEach('conversions', 'c', 'c.transaction_id = t.transaction_id AND c.integration_id = t.integration_id')}`;

/** Those that a decision was ever made for that is chosen like this; which of these hold still, `a` says. */
function withDecision(chosen: RawBuilder<unknown>, { after, through }: ListPage): RawBuilder<unknown> {
  const end = through === undefined ? sql`` : sql` AND d.conversion_id <= ${through}`;
  return sql`(SELECT DISTINCT d.conversion_id AS id FROM decisions d
      WHERE ${chosen} AND d.conversion_id > ${after}${end} ORDER BY d.conversion_id OFFSET 0) decided
    ${findEach('conversions', 'c', 'c.id = decided.id AND c.integration_id = mine.id')}`;
}

/** Those of transactions that look, or are named, like this: a click id or TUNE's own id of the transaction. */
const lookingFor = (id: string): RawBuilder<unknown> => sql`(
    SELECT hash_in_account(mine.account_id, ${`ad:${id}`}) AS id
    UNION SELECT l.transaction_id FROM transaction_lookups l
      WHERE l.key = hash_in_account(mine.account_id, ${`click:${id}`}) OFFSET 0) named
  ${findEach('conversions', 'c', 'c.transaction_id = named.id AND c.integration_id = mine.id')}`;

const withExternalId = (id: string): RawBuilder<unknown> => sql`(
    SELECT * FROM conversions WHERE integration_id = mine.id AND tune_event_id = ${id} OFFSET 0) c`;

/** Of more days most conversions are, and walking finds them soon. */
const FEW_DAYS = 93;

/** Conversions of few days, and of an offer where one is wanted; null where walking is as good, or an index is better. */
function ofFewDays({ from, to, status, offer }: ConversionFilter, after: bigint): RawBuilder<unknown> | null {
  if (from === undefined || (status !== undefined && status !== 'approved')) return null;
  // Where no end is wanted it is guessed, for choosing the way only.
  if (daysBetween(from, to ?? addDays(new Date().toISOString().slice(0, 10), 1)) > FEW_DAYS) return null;
  const end = to === undefined ? sql`` : sql` AND day <= ${to}::date`;
  const ofOffer = offer === undefined ? sql`` : sql` AND external_offer_id = ANY(${offer.keys}::text[])`;
  return sql`(SELECT * FROM conversions
      WHERE integration_id = mine.id AND day >= ${from}::date${end}${ofOffer} AND id > ${after} ORDER BY id OFFSET 0) c`;
}

/** By which methods conversions with this reason can have been decided; null where most are. */
function methodsOf({ attribution, reason }: ConversionFilter): readonly ('message_id' | 'none')[] | null {
  if (attribution === 'click') return null;
  if (attribution !== undefined) return [attribution];
  return reason === undefined || reason.startsWith('click_by_') ? null : ['message_id', 'none'];
}

/** Where a list looks: by the index that finds the fewest. */
export function sourcesOf(filter: ConversionFilter, page: ListPage): ListSource[] {
  const [order, condition] = [sql`c.id`, sql`true`];
  const { externalId, clickId, adId, messageId, reason, attribution } = filter;
  if (externalId !== undefined) return [{ source: withExternalId(externalId), order, condition }];
  const named = clickId ?? adId;
  if (named !== undefined) return [{ source: lookingFor(named), order, condition }];
  if (messageId !== undefined) {
    return [{ source: withDecision(sql`d.message_id = ${messageId}`, page), order: sql`decided.id`, condition }];
  }
  const undecided = { source: UNDECIDED, order, condition: sql`t.integration_id = mine.id AND a.no IS NULL` };
  if (reason === NOT_DECIDED) return [undecided];
  const methods = methodsOf(filter);
  if (methods === null) {
    const days = ofFewDays(filter, page.after);
    if (days !== null) return [{ source: days, order, condition }];
    return [{ source: ALL, order, condition: sql`c.integration_id = mine.id` }];
  }
  const decided = methods.map((method) => ({
    source: withDecision(sql`d.integration_id = mine.id AND d.method = ${method} AND d.method <> 'click'`, page),
    order: sql`decided.id`,
    // Each row once, though it was decided by both.
    condition: sql`a.method = ${method}`,
  }));
  return attribution === 'none' && reason === undefined ? [...decided, undecided] : decided;
}
