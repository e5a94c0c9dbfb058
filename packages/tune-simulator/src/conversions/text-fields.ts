/** Texts of a conversion that come from the link, by the names that settings use, with their report fields (3.7). */
export const REPORT_FIELD_OF = {
  ad_id: 'Stat.ad_id',
  source: 'Stat.source',
  aff_sub: 'Stat.affiliate_info1',
  aff_sub2: 'Stat.affiliate_info2',
  aff_sub3: 'Stat.affiliate_info3',
  aff_sub4: 'Stat.affiliate_info4',
  aff_sub5: 'Stat.affiliate_info5',
  affiliate_click_id: 'ConversionsMobile.affiliate_click_id',
  affiliate_unique1: 'ConversionsMobile.affiliate_unique1',
  affiliate_unique2: 'ConversionsMobile.affiliate_unique2',
  affiliate_unique3: 'ConversionsMobile.affiliate_unique3',
  affiliate_unique4: 'ConversionsMobile.affiliate_unique4',
  affiliate_unique5: 'ConversionsMobile.affiliate_unique5',
} as const;

/** `ad_id` is TUNE's own transaction id; the others are sub ids. */
export type TextField = keyof typeof REPORT_FIELD_OF;
export type SubIdField = Exclude<TextField, 'ad_id'>;

export const TEXT_FIELDS = Object.keys(REPORT_FIELD_OF) as TextField[];

export const TEXT_FIELD_OF: ReadonlyMap<string, TextField> = new Map(
  TEXT_FIELDS.map((field) => [REPORT_FIELD_OF[field], field]),
);
