/**
 * Report fields without which money would be guessed (product-rules.md, "What a field is worth"); the configured id
 * fields come on top. A network that refuses one of them cannot be pulled.
 */
export const REQUIRED_REPORT_FIELDS: readonly string[] = [
  'Stat.tune_event_id',
  'Stat.ad_id',
  'Stat.offer_id',
  'Stat.affiliate_id',
  'Stat.datetime',
  'Stat.status',
  'Stat.payout',
];
