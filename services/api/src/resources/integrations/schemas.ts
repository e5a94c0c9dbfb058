import {
  ID_FIELDS,
  isKnownCurrency,
  isTimeZone,
  LINK_MACROS,
  MESSAGE_ID_FIELDS,
  OFFER_FIELD_RULES,
  OFFER_FIELDS,
} from '@trackly-tune/domain';
import { z } from 'zod';
import { explainAffiliateId } from './rules/explain-affiliate-id.js';
import { explainBaseUrl, readBaseUrl } from './rules/read-base-url.js';
import { hasKnownMacrosOnly } from './rules/url-param-macros.js';
import { errorAnswer, platformId, storableString, wholeNumber } from '../../http/schemas.js';

const URL_PARAMS_MAX = 50;
const macroNames = LINK_MACROS.map((name) => `{{${name}}}`).join(', ');

const printable = (text: string): boolean => text.trim() !== '';

const name = storableString(200).refine(printable, 'must not be blank');

/**
 * The first label of the API's host: TUNE_API_URL is the operator's template and this is all that a caller puts into
 * it. A label holds neither dots, slashes nor ports, so no other host can be reached through it; and `base_url`, which
 * may name any host, is only written into links and never called.
 */
const networkId = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the name in front of .api.hasoffers.com: letters, digits and hyphens');

const networkToken = z
  .string()
  .max(512)
  .regex(/^[\x21-\x7e]+$/, 'must be the API key as TUNE shows it, without blanks');

const baseUrl = z
  .string()
  .max(2_000)
  .refine((text) => readBaseUrl(text) !== null, { error: ({ input }) => explainBaseUrl(String(input)) })
  .overwrite((text) => readBaseUrl(text) ?? text);

/** As TUNE writes it in its reports: "01002" would match no row, and "0" is how TUNE writes "none". */
const affiliateId = z.string().regex(/^[1-9]\d{0,18}$/, { error: ({ input }) => explainAffiliateId(String(input)) });

const urlParams = z
  .record(
    storableString(100).regex(/^[^\s&=?#%+]+$/, 'must be a plain parameter name'),
    z
      .string()
      .max(1_000)
      .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'must not hold NUL or broken characters')
      .refine(hasKnownMacrosOnly, `must hold no other macros than ${macroNames}`),
  )
  .refine((params) => Object.keys(params).length <= URL_PARAMS_MAX, `must hold at most ${URL_PARAMS_MAX} parameters`);

const offerNamePrefix = z
  .string()
  .max(100)
  .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'must not hold NUL or broken characters');

const clickIdField = z.enum(ID_FIELDS).nullable();
const messageIdField = z.enum(MESSAGE_ID_FIELDS);
const timeZone = z
  .string()
  .max(100)
  .refine(
    isTimeZone,
    'must be a time zone by its name in the IANA database, e.g. America/New_York; not an abbreviation',
  );
const currency = z.string().refine(isKnownCurrency, 'must be an ISO 4217 code, e.g. USD');
const frequency = z.enum(['hourly', 'daily']);
/** Which fields of offers follow the network, and how; a field that is not named follows it always. */
const fieldRules = z.partialRecord(z.enum(OFFER_FIELDS), z.enum(OFFER_FIELD_RULES)).meta({ id: 'OfferFieldRules' });
const confirmDays = wholeNumber(1, 90);
const windowDays = wholeNumber(1, 3_650);

const DEFAULT_MESSAGE_ID_FIELD = 'aff_sub';
const DEFAULT_CLICK_ID_FIELD = 'affiliate_click_id';

interface IdFields {
  message_id_field?: string | undefined;
  click_id_field?: string | null | undefined;
}
const areApart = (fields: IdFields): boolean => fields.click_id_field !== fields.message_id_field;
export const SAME_FIELD = { path: 'click_id_field', message: 'must be another field than message_id_field' };

/** `click_id_field` and `message_id_field` of one body; a patch is judged against what is stored as well. */
function refineIdFields<Schema extends z.ZodType<IdFields>>(schema: Schema): Schema {
  return schema.refine((fields) => fields.message_id_field === undefined || areApart(fields), {
    path: [SAME_FIELD.path],
    message: SAME_FIELD.message,
  });
}

export const integrationBody = refineIdFields(
  z.strictObject({
    account_id: platformId,
    name,
    network_id: networkId,
    network_token: networkToken,
    base_url: baseUrl,
    affiliate_id: affiliateId,
    click_id_field: clickIdField.default(DEFAULT_CLICK_ID_FIELD),
    message_id_field: messageIdField.default(DEFAULT_MESSAGE_ID_FIELD),
    global_url_params: urlParams.default({}),
    offer_name_prefix: offerNamePrefix.default(''),
    auto_sync_offers: z.boolean().default(false),
    offer_sync_frequency: frequency.default('daily'),
    postback_confirm_days: confirmDays.default(3),
    auto_import_offers: z.boolean().default(false),
    offer_field_rules: fieldRules.default({}),
    conversion_sync_enabled: z.boolean().default(true),
    time_zone: timeZone.optional(),
    default_currency: currency.optional(),
    click_window_days: windowDays
      .optional()
      .meta({ description: 'Default 90, or the longest whose clicks are kept where that is shorter' }),
  }),
).meta({ id: 'NewIntegration' });

/** What neither a change nor a test of a connection has to say. */
const optionalSettings = {
  global_url_params: urlParams.optional(),
  offer_name_prefix: offerNamePrefix.optional(),
  auto_sync_offers: z.boolean().optional(),
  offer_sync_frequency: frequency.optional(),
  postback_confirm_days: confirmDays.optional(),
  auto_import_offers: z.boolean().optional(),
  offer_field_rules: fieldRules.optional(),
  conversion_sync_enabled: z.boolean().optional(),
  time_zone: timeZone.optional(),
  default_currency: currency.optional(),
  click_window_days: windowDays.optional(),
};

/** Account, network and affiliate say which integration it is: another one of them is another integration. */
export const integrationPatch = refineIdFields(
  z.strictObject({
    name: name.optional(),
    network_token: networkToken.optional(),
    base_url: baseUrl.optional(),
    click_id_field: clickIdField.optional(),
    message_id_field: messageIdField.optional(),
    ...optionalSettings,
  }),
).meta({ id: 'IntegrationChange' });

/** What a connection can be tried with before anything is saved: any body of a creation will do. */
export const connectionBody = refineIdFields(
  z.strictObject({
    network_id: networkId,
    network_token: networkToken,
    affiliate_id: affiliateId,
    account_id: platformId.optional(),
    click_id_field: clickIdField.default(DEFAULT_CLICK_ID_FIELD),
    message_id_field: messageIdField.default(DEFAULT_MESSAGE_ID_FIELD),
    name: name.optional(),
    base_url: baseUrl.optional(),
    ...optionalSettings,
  }),
).meta({ id: 'Connection' });

/** A conflict that names the integration in the way. */
export const conflictAnswer = errorAnswer
  .extend({ integration_id: z.string().optional() })
  .meta({ id: 'IntegrationConflict' });
