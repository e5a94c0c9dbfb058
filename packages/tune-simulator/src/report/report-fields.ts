import type { NetworkSettings } from '../network-spec.js';
import { refuseField } from '../refusal.js';

const STAT = `tune_event_id id ad_id offer_id goal_id affiliate_id advertiser_id affiliate_manager_id
  advertiser_manager_id offer_url_id creative_url_id customer_id datetime session_datetime date session_date hour week
  month year datetime_diff status status_code is_adjustment payout revenue sale_amount approved_payout pending_payout
  pending_revenue pending_sale_amount net_payout net_revenue net_sale_amount approved_rate rejected_rate payout_type
  revenue_type currency source affiliate_info1 affiliate_info2 affiliate_info3 affiliate_info4 affiliate_info5
  advertiser_info ip session_ip user_agent refer pixel_refer browser_id country_code region_code city_name count
  count_approved count_pending count_rejected count_adjustment`;

const MOBILE = `affiliate_click_id affiliate_unique1 affiliate_unique2 affiliate_unique3 affiliate_unique4
  affiliate_unique5 adv_sub2 adv_sub3 adv_sub4 adv_sub5 device_brand device_id device_model device_os device_os_version
  mobile_carrier odin unknown_id user_id fraud_reason_data`;

const OTHERS = `Offer.name Offer.ref_id Goal.name Affiliate.company Affiliate.ref_id Advertiser.company
  Advertiser.ref_id AffiliateManager.full_name AdvertiserManager.full_name OfferUrl.id OfferUrl.name
  OfferUrl.preview_url PayoutGroup.id PayoutGroup.name RevenueGroup.id RevenueGroup.name Country.name Region.name
  Browser.id Browser.display_name Customer.provided_id ConversionMeta.note`;

const words = (text: string, prefix = '') => text.split(/\s+/).map((word) => prefix + word);

/** Fields of the network's Report::getConversions (tune-api.md, section 3.5). */
const REPORT_FIELDS: ReadonlySet<string> = new Set([
  ...words(STAT, 'Stat.'),
  ...words(MOBILE, 'ConversionsMobile.'),
  ...words(OTHERS),
]);

/** Throws a refusal for a field that TUNE does not know or that this network does not allow. */
export function requireReportField(field: string, settings: NetworkSettings): void {
  const { allowedFields, forbiddenFields } = settings;
  const allowed = allowedFields.length === 0 || allowedFields.includes(field);
  if (!REPORT_FIELDS.has(field) || !allowed || forbiddenFields.includes(field)) throw refuseField(field);
}
