import type { OfferLinkRow } from '@trackly-tune/database';
import { buildLink, toPublicId, type BuiltLink } from '@trackly-tune/domain';

/**
 * The link of one message for an offer. A tracking URL that a person wrote is the template; so is that of an offer
 * which the network does not know.
 */
export function linkOf(offer: OfferLinkRow, message: { message_id: string; click_id?: string | undefined }): BuiltLink {
  const byHand = offer.edited_fields.includes('tracking_url') || offer.external_id === null;
  return buildLink(
    {
      baseUrl: offer.base_url,
      affiliateId: offer.affiliate_id,
      messageIdField: offer.message_id_field,
      clickIdField: offer.click_id_field,
      globalUrlParams: offer.global_url_params,
    },
    {
      id: toPublicId('offer', offer.id),
      externalId: offer.external_id,
      template: byHand ? offer.tracking_url : null,
    },
    { messageId: message.message_id, clickId: message.click_id ?? null },
  );
}

/** Why there is no link, as a code and a text for people. */
export function refusalOf(built: Exclude<BuiltLink, { kind: 'link' }>): { code: string; error: string } {
  return built.kind === 'unresolved_macros'
    ? { code: built.kind, error: `Nothing was given for ${built.macros.join(', ')}` }
    : { code: built.kind, error: `The tracking URL ${built.reason}` };
}
