import type { BookingWorth } from './booking.js';
import { WORTHLESS } from './booking.js';
import { isTestConversion, type ConversionFacts, type ConversionStatus } from './conversion.js';
import { findMessage, searchOfRow, type Candidates, type FoundMessage } from './find-message.js';
import { dayOf, locateLocalTime } from './local-time.js';
import { matchPostbacks } from './match-postbacks.js';
import { parseAmountE5, type AmountE5 } from './money.js';
import { amountOfPostback, isOwnOfferKey, isReversal, searchOfPostback, type PostbackFacts } from './postback.js';
import type { Counting, SettledConversion } from './settled-conversion.js';
import type { SettingsVersion } from './settings.js';

/**
 * Raised whenever the rules of this file or of what it calls change; stored with every decision. An earlier version is
 * still decided by its own rules, so that what was once decided can be decided again:
 * 4: a goal that is no whole number names none (before, it was compared as a text).
 */
export const RULE_VERSION = 4;

interface Pinned {
  readonly conversionId: bigint;
  readonly factVersion: number;
  readonly settings: SettingsVersion;
  readonly clickWindowDays: number;
}

/** A pulled row as of one version of its facts, with what was in force when it was first seen. */
export interface PulledConversion extends Pinned {
  readonly facts: ConversionFacts;
}

/** A postback as of its latest status, with what was in force when it was first received. */
export interface PostbackConversion extends Pinned {
  /** Identity for ever; also what breaks ties, since it does not depend on what was received first. */
  readonly key: string;
  readonly facts: PostbackFacts;
}

/** Everything that is known of one transaction when it is settled. */
export interface TransactionFacts {
  readonly pulled: readonly PulledConversion[];
  readonly postbacks: readonly PostbackConversion[];
  readonly candidates: Candidates;
}

/** Approved counts, pending stands apart, rejected is worth nothing. */
function worthOfStatus(status: ConversionStatus, amount: AmountE5, conversions: number): BookingWorth {
  if (status === 'rejected') return WORTHLESS;
  return status === 'pending' ? { ...WORTHLESS, pending: amount } : { ...WORTHLESS, revenue: amount, conversions };
}

/** Null for a rejected row without one. */
function payoutOf(facts: ConversionFacts): AmountE5 | null {
  if (facts.payout === null) return null;
  const payout = parseAmountE5(facts.payout);
  if (payout === null) throw new RangeError(`Facts of ${facts.tune_event_id} hold an unreadable payout`);
  return payout;
}

/** What a pulled row is worth: tests nothing; adjustments with their sign, but they are no conversion. */
function worthOfRow(facts: ConversionFacts): { worth: BookingWorth; counting: Counting } {
  const payout = payoutOf(facts) ?? 0n;
  if (isTestConversion(facts)) return { worth: WORTHLESS, counting: 'test' };
  const conversions = facts.is_adjustment === true ? 0 : 1;
  return { worth: worthOfStatus(facts.status, payout, conversions), counting: facts.status };
}

/** What a postback that counts is worth. All of it stays unconfirmed until a pulled row claims it. */
function worthOfPostback(facts: PostbackFacts): { worth: BookingWorth; counting: Counting } {
  const amount = amountOfPostback(facts);
  if (amount === null) return { worth: WORTHLESS, counting: 'amount_missing' };
  const worth = worthOfStatus(facts.status, amount, isReversal(facts.event) ? 0 : 1);
  return { worth: { ...worth, unconfirmed: worth.revenue }, counting: facts.status };
}

/** Looks where the postback points when the row itself found nothing. Its own lookups stay in the evidence. */
function findByPostback(
  own: FoundMessage,
  postback: PostbackConversion,
  convertedAt: Date,
  clickWindowDays: number,
  candidates: Candidates,
): FoundMessage {
  const other = findMessage(searchOfPostback(postback.facts), convertedAt, clickWindowDays, candidates);
  const lookups = [...own.lookups, ...other.lookups];
  if (other.message === null) return { ...own, lookups };
  return { ...other, reason: other.method === 'click' ? 'click_by_postback' : 'message_by_postback', lookups };
}

function settlePulled(
  pulled: PulledConversion,
  claimed: PostbackConversion | null,
  candidates: Candidates,
  ruleVersion: number,
): SettledConversion {
  const { facts, settings, clickWindowDays } = pulled;
  const { at: convertedAt, flag: timeFlag } = locateLocalTime(facts.local_time, settings.timeZone);
  const own = findMessage(searchOfRow(facts, settings), convertedAt, clickWindowDays, candidates);
  const found =
    own.message === null && claimed !== null
      ? findByPostback(own, claimed, convertedAt, clickWindowDays, candidates)
      : own;
  const { worth, counting } = worthOfRow(facts);
  return {
    source: 'pull',
    conversionId: pulled.conversionId,
    factVersion: pulled.factVersion,
    ruleVersion,
    settingsVersion: settings.version,
    convertedAt,
    timeFlag,
    clickWindowDays,
    found,
    counting,
    claims: claimed?.conversionId ?? null,
    claimedBy: null,
    booking: {
      place: {
        messageId: found.message?.messageId ?? null,
        creativeId: found.message?.creativeId ?? null,
        campaignId: found.message?.campaignId ?? null,
        externalOfferId: facts.offer_id,
        // The day is the date of TUNE's own text, whatever the zone says of the moment (product-rules.md, "Days").
        day: facts.local_time.slice(0, 10),
        currency: facts.currency,
      },
      worth,
    },
  };
}

const WHOLE_NUMBER = /^\d+$/;

/** The goal that a row or a postback names: TUNE's goals are numbers, a name says nothing that could be compared. */
function goalOf(goalId: string | null | undefined, ruleVersion: number): string | null {
  if (goalId === undefined || goalId === null) return null;
  return ruleVersion < 4 || WHOLE_NUMBER.test(goalId) ? goalId : null;
}

/** Whether a postback counts beside the rows of its transaction, and what it is worth then. */
function countPostback(
  facts: PostbackFacts,
  claimedBy: bigint | null,
  pulled: readonly PulledConversion[],
  ruleVersion: number,
): { worth: BookingWorth; counting: Counting } {
  if (claimedBy !== null) return { worth: WORTHLESS, counting: 'claimed' };
  if (pulled.length === 0) return worthOfPostback(facts);
  if (isReversal(facts.event)) return { worth: WORTHLESS, counting: 'superseded' };
  const goal = goalOf(facts.goal_id, ruleVersion);
  const rowGoals = pulled.map((row) => goalOf(row.facts.goal_id, ruleVersion));
  // A row whose goal the network does not show may stand for any goal: counting beside it could count money twice.
  const goalIsNew = goal !== null && rowGoals.every((rowGoal) => rowGoal !== null && rowGoal !== goal);
  return goalIsNew ? worthOfPostback(facts) : { worth: WORTHLESS, counting: 'ambiguous' };
}

function settlePostback(
  postback: PostbackConversion,
  claimedBy: bigint | null,
  { pulled, candidates }: TransactionFacts,
  ruleVersion: number,
): SettledConversion {
  const { facts, settings, clickWindowDays } = postback;
  const convertedAt = new Date(facts.received_at);
  const found = findMessage(searchOfPostback(facts), convertedAt, clickWindowDays, candidates);
  const { worth, counting } = countPostback(facts, claimedBy, pulled, ruleVersion);
  return {
    source: 'postback',
    conversionId: postback.conversionId,
    factVersion: postback.factVersion,
    ruleVersion,
    settingsVersion: settings.version,
    convertedAt,
    timeFlag: null,
    clickWindowDays,
    found,
    counting,
    claims: null,
    claimedBy,
    booking: {
      place: {
        messageId: found.message?.messageId ?? null,
        creativeId: found.message?.creativeId ?? null,
        campaignId: found.message?.campaignId ?? null,
        externalOfferId: facts.offer_id,
        day: dayOf(convertedAt, settings.timeZone),
        currency: facts.currency,
      },
      worth,
    },
  };
}

/** Which row claims which postback, both by their keys. */
function claimsOf({ pulled, postbacks }: TransactionFacts, ruleVersion: number): ReadonlyMap<string, string> {
  if (postbacks.length === 0) return new Map();
  return matchPostbacks(
    pulled.map(({ facts, settings }) => ({
      key: facts.tune_event_id,
      offerId: facts.offer_id,
      goalId: goalOf(facts.goal_id, ruleVersion),
      isAdjustment: facts.is_adjustment === true,
      amount: payoutOf(facts),
      currency: facts.currency,
      at: locateLocalTime(facts.local_time, settings.timeZone).at,
    })),
    postbacks
      .filter(({ facts }) => !isReversal(facts.event))
      .map(({ key, facts }) => ({
        key,
        offerId: isOwnOfferKey(facts.offer_id) ? null : facts.offer_id,
        goalId: goalOf(facts.goal_id, ruleVersion),
        amount: amountOfPostback(facts),
        currency: facts.currency,
        at: new Date(facts.received_at),
      })),
  );
}

/**
 * Settles one transaction: from all its facts to who earned what. Pure, and the same whatever the order in which the
 * facts came: it reads the current facts only, each under the settings in force when the record was first seen.
 * Pulled rows always count; a postback counts only for what no pulled row can stand for (product-rules.md, "One conversion,
 * two ways in").
 *
 * @param ruleVersion the rules to decide by: today's, or those that an earlier decision names
 */
export function settleTransaction(transaction: TransactionFacts, ruleVersion = RULE_VERSION): SettledConversion[] {
  const { pulled, postbacks, candidates } = transaction;
  const claims = claimsOf(transaction, ruleVersion);
  const rows = new Map(pulled.map((row) => [row.facts.tune_event_id, row]));
  const claimedOf = new Map<string, PostbackConversion>();
  const settled: SettledConversion[] = [];
  for (const postback of postbacks) {
    const row = rows.get(claims.get(postback.key) ?? '');
    if (row) claimedOf.set(row.facts.tune_event_id, postback);
    settled.push(settlePostback(postback, row?.conversionId ?? null, transaction, ruleVersion));
  }
  for (const row of pulled) {
    settled.push(settlePulled(row, claimedOf.get(row.facts.tune_event_id) ?? null, candidates, ruleVersion));
  }
  return settled.sort((a, b) => (a.conversionId < b.conversionId ? -1 : a.conversionId > b.conversionId ? 1 : 0));
}
