import { toPublicId, type SettledConversion, type TransactionFacts } from '@trackly-tune/domain';

/** Everything that was decided, and why: its hash tells whether a decision says anything new. */
export function explainDecision(settled: SettledConversion): object {
  const { found, booking } = settled;
  return {
    rule_version: settled.ruleVersion,
    settings_version: settled.settingsVersion,
    fact_version: settled.factVersion,
    method: found.method,
    reason: found.reason,
    lookups: found.lookups,
    notes: found.notes,
    click_window_days: settled.clickWindowDays,
    converted_at: settled.convertedAt.toISOString(),
    local_time: settled.timeFlag ?? 'exact',
    counting: settled.counting,
    // Which other record of the transaction is the same conversion; absent where none is.
    ...(settled.claims === null ? {} : { claims: toPublicId('conversion', settled.claims) }),
    ...(settled.claimedBy === null ? {} : { claimed_by: toPublicId('conversion', settled.claimedBy) }),
    message: found.message && {
      message_id: found.message.messageId,
      creative_id: found.message.creativeId,
      campaign_id: found.message.campaignId,
    },
    booked: {
      external_offer_id: booking.place.externalOfferId,
      day: booking.place.day,
      currency: booking.place.currency,
      revenue_e5: booking.worth.revenue.toString(),
      unconfirmed_e5: booking.worth.unconfirmed.toString(),
      pending_e5: booking.worth.pending.toString(),
      conversions: booking.worth.conversions,
    },
  };
}

/**
 * The other records of the transaction that the decision was made together with, and at which version each was. Not
 * part of what is hashed: what changes of them and changes nothing here makes no new decision. Rows without any postback
 * do not look at each other.
 */
function decidedWith(
  settled: SettledConversion,
  { pulled, postbacks }: Pick<TransactionFacts, 'pulled' | 'postbacks'>,
): { decided_with?: object[] } {
  if (postbacks.length === 0 || pulled.length + postbacks.length === 1) return {};
  const others = [...pulled, ...postbacks].filter(({ conversionId }) => conversionId !== settled.conversionId);
  return {
    decided_with: others.map((record) => ({
      id: toPublicId('conversion', record.conversionId),
      fact_version: record.factVersion,
      settings_version: record.settings.version,
      click_window_days: record.clickWindowDays,
    })),
  };
}

/**
 * What decided it beside the columns of a decision, the facts, the settings, the clicks and the messages; null where that
 * is nothing, as it mostly is. All together is enough to repeat the decision by hand.
 */
export function keptEvidence(
  settled: SettledConversion,
  facts: Pick<TransactionFacts, 'pulled' | 'postbacks'>,
): object | null {
  const kept = {
    ...(settled.found.notes.length === 0 ? {} : { notes: settled.found.notes }),
    ...(settled.timeFlag === null ? {} : { local_time: settled.timeFlag }),
    ...decidedWith(settled, facts),
  };
  return Object.keys(kept).length === 0 ? null : kept;
}
