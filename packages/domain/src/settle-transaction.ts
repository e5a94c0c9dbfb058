import type { Booking, BookingWorth } from './booking.js';
import { WORTHLESS } from './booking.js';
import { isTestConversion, type ConversionFacts } from './conversion.js';
import { findMessage, type Candidates, type FoundMessage } from './find-message.js';
import { locateLocalTime, type LocalTimeFlag } from './local-time.js';
import { parseAmountE5 } from './money.js';
import type { SettingsVersion } from './settings.js';

/** Raised whenever the rules of this file or of `findMessage` change; stored with every decision. */
export const RULE_VERSION = 1;

/** A pulled row as of one version of its facts, with what was in force when it was first seen. */
export interface PulledConversion {
  readonly conversionId: bigint;
  readonly factVersion: number;
  readonly facts: ConversionFacts;
  readonly settings: SettingsVersion;
  readonly clickWindowDays: number;
}

/** Everything that is known of one transaction when it is settled. */
export interface TransactionFacts {
  readonly pulled: readonly PulledConversion[];
  readonly candidates: Candidates;
}

export interface SettledConversion {
  readonly conversionId: bigint;
  readonly factVersion: number;
  readonly settingsVersion: number;
  readonly convertedAt: Date;
  readonly timeFlag: LocalTimeFlag | null;
  readonly clickWindowDays: number;
  readonly found: FoundMessage;
  readonly booking: Booking;
  /** Why it counts as it does: status, or what keeps it from counting. */
  readonly counting: 'approved' | 'pending' | 'rejected' | 'test';
}

/** What facts are worth: approved counts, pending apart, rejected and tests nothing; adjustments with their sign. */
function worthOf(facts: ConversionFacts): { worth: BookingWorth; counting: SettledConversion['counting'] } {
  const payout = parseAmountE5(facts.payout);
  if (payout === null) throw new RangeError(`Facts of ${facts.tune_event_id} hold an unreadable payout`);
  if (isTestConversion(facts)) return { worth: WORTHLESS, counting: 'test' };
  if (facts.status === 'pending') return { worth: { ...WORTHLESS, pending: payout }, counting: 'pending' };
  if (facts.status === 'rejected') return { worth: WORTHLESS, counting: 'rejected' };
  const conversions = facts.is_adjustment === true ? 0 : 1;
  return { worth: { ...WORTHLESS, revenue: payout, conversions }, counting: 'approved' };
}

function settlePulled(pulled: PulledConversion, candidates: Candidates): SettledConversion {
  const { facts, settings, clickWindowDays } = pulled;
  const { at: convertedAt, flag: timeFlag } = locateLocalTime(facts.local_time, settings.timeZone);
  const found = findMessage(facts, settings, convertedAt, clickWindowDays, candidates);
  const { worth, counting } = worthOf(facts);
  return {
    conversionId: pulled.conversionId,
    factVersion: pulled.factVersion,
    settingsVersion: settings.version,
    convertedAt,
    timeFlag,
    clickWindowDays,
    found,
    counting,
    booking: {
      place: {
        messageId: found.message?.messageId ?? null,
        creativeId: found.message?.creativeId ?? null,
        campaignId: found.message?.campaignId ?? null,
        externalOfferId: facts.offer_id,
        // The day is the date of TUNE's own text, whatever the zone says of the moment (product.md, "Days").
        day: facts.local_time.slice(0, 10),
        currency: facts.currency,
      },
      worth,
    },
  };
}

/**
 * Settles one transaction: from all its facts to who earned what. Pure, and the same whatever the order in which the
 * facts came: it reads the current facts only, each under the settings in force when the row was first seen.
 */
export function settleTransaction(transaction: TransactionFacts): SettledConversion[] {
  return [...transaction.pulled]
    .sort((a, b) => (a.conversionId < b.conversionId ? -1 : a.conversionId > b.conversionId ? 1 : 0))
    .map((pulled) => settlePulled(pulled, transaction.candidates));
}
