/** Settings that may carry a message id, with the link parameter and the report field of each (product-rules.md). */
export const MESSAGE_ID_FIELDS = [
  'aff_sub',
  'aff_sub2',
  'aff_sub3',
  'aff_sub4',
  'aff_sub5',
  'affiliate_unique1',
  'affiliate_unique2',
  'affiliate_unique3',
  'affiliate_unique4',
  'affiliate_unique5',
  'source',
] as const;

export type MessageIdField = (typeof MESSAGE_ID_FIELDS)[number];

/** `affiliate_click_id` can carry a click id only. */
export const ID_FIELDS = ['affiliate_click_id', ...MESSAGE_ID_FIELDS] as const;

export type IdField = (typeof ID_FIELDS)[number];

/** `aff_sub` → `Stat.affiliate_info1`, `affiliate_unique2` → `ConversionsMobile.affiliate_unique2`, … */
export function reportFieldOf(field: IdField): string {
  if (field === 'source') return 'Stat.source';
  if (field.startsWith('aff_sub')) return `Stat.affiliate_info${field.slice('aff_sub'.length) || '1'}`;
  return `ConversionsMobile.${field}`;
}

/** `affiliate_unique2` → `aff_unique2`, `affiliate_click_id` → `aff_click_id`; the others are named alike. */
export function linkParameterOf(field: IdField): string {
  return field.replace(/^affiliate_/, 'aff_');
}

/** Message ids are 8 characters and case matters; a value of another shape is no message id of the platform. */
export const MESSAGE_ID_PATTERN = /^[A-Za-z0-9]{8}$/;

/** Click ids are opaque; longer values cannot be one of the platform's. */
export const CLICK_ID_LENGTH_MAX = 128;
