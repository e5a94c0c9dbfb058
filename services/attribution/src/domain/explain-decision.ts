import { RULE_VERSION, toPublicId, type SettledConversion } from '@trackly-tune/domain';

/**
 * The evidence of a decision as it is stored and shown in the trail: with the facts and the settings of the named
 * versions it is enough to repeat the decision by hand.
 */
export function explainDecision(settled: SettledConversion): object {
  const { found, booking } = settled;
  return {
    rule_version: RULE_VERSION,
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
