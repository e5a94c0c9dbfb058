import { linkParameterOf, type IdField, type MessageIdField } from '@trackly-tune/domain';

export interface PostbackParameter {
  readonly name: string;
  /** What TUNE fills in; null for a value of ours that stays as it is. */
  readonly macro: string | null;
  readonly description: string;
  /**
   * True when TUNE's own documentation names the macro for partner postbacks, false when it is known from elsewhere or
   * only follows from the others; null where there is no macro.
   */
  readonly confirmed: boolean | null;
}

/** Macros that TUNE's documentation names (tune-api.md, section 6.3). */
const CONFIRMED = new Set([
  ...['transaction_id', 'affiliate_id', 'aff_sub', 'source', 'offer_id', 'offer_url_id', 'advertiser_id'],
  ...['country_code', 'params', 'offer_ref', 'amount'],
]);

/** Parameters that the URL needs as they are; a person may add any other. */
export const FIXED_PARAMETERS: ReadonlySet<string> = new Set([
  ...['offer_id', 'affiliate_id', 'txn_id', 'revenue', 'message_id', 'click_id', 'postback_secret'],
]);

const MACRO = /\{([a-z0-9_]+)\}/g;

function isConfirmed(text: string): boolean | null {
  const names = [...text.matchAll(MACRO)].map(([, name]) => name ?? '');
  return names.length === 0 ? null : names.every((name) => CONFIRMED.has(name));
}

const parameter = (name: string, macro: string | null, description: string): PostbackParameter => ({
  name,
  macro,
  description,
  confirmed: macro === null ? null : isConfirmed(macro),
});

const macroOf = (field: IdField): string => `{${linkParameterOf(field)}}`;

export interface PostbackTemplate {
  readonly offerId: string;
  readonly messageIdField: MessageIdField;
  readonly clickIdField: IdField | null;
  readonly extraParameters: Readonly<Record<string, string>>;
}

/** The parameters of an offer's postback URL in their order, each with what it is for. */
export function postbackParameters(template: PostbackTemplate): PostbackParameter[] {
  const { offerId, messageIdField, clickIdField, extraParameters } = template;
  const all = [
    parameter('offer_id', null, `Which offer it is: ${offerId}, our own id, so it stands there as it is.`),
    parameter('affiliate_id', '{affiliate_id}', 'Whose conversion it is. One of another affiliate is refused.'),
    parameter(
      'txn_id',
      '{transaction_id}',
      'The transaction. By it the postback and the pulled conversion become one record, and repetitions are known.',
    ),
    parameter(
      'revenue',
      '{payout}',
      'What the affiliate earns, a plain decimal. Unfilled, the pull brings the amount.',
    ),
    parameter('message_id', macroOf(messageIdField), `The message, which the links carry in ${messageIdField}.`),
    ...(clickIdField === null
      ? []
      : [parameter('click_id', macroOf(clickIdField), `The click, which the links carry in ${clickIdField}.`)]),
    ...(Object.hasOwn(extraParameters, 'goal_id')
      ? []
      : [
          parameter(
            'goal_id',
            '{goal_id}',
            'The goal, which tells several conversions of one transaction apart. Unfilled, it is left out.',
          ),
        ]),
    ...Object.entries(extraParameters).map(([name, value]) =>
      parameter(name, isConfirmed(value) === null ? null : value, 'Added for this offer.'),
    ),
    parameter(
      'postback_secret',
      null,
      'Lets the postback in. Keep the URL to yourself; rotate the secret if it got out.',
    ),
  ];
  return all;
}

/** Encodes what stands around macros; the macros stay as TUNE knows them. */
function encodeAround(text: string): string {
  return encodeURIComponent(text).replaceAll(/%7B([a-z0-9_]+)%7D/g, '{$1}');
}

/** The URL to paste into TUNE. It holds the secret: never log it. */
export function postbackUrl(publicUrl: string, template: PostbackTemplate, secret: string): string {
  const values: Readonly<Record<string, string>> = { offer_id: template.offerId, postback_secret: secret };
  const query = postbackParameters(template).map(({ name, macro }) => {
    const own = Object.hasOwn(values, name) ? values[name] : template.extraParameters[name];
    return `${encodeURIComponent(name)}=${macro === null ? encodeAround(own ?? '') : encodeAround(macro)}`;
  });
  return `${publicUrl}/conv/offer?${query.join('&')}`;
}

/** Where to paste the URL, step by step. */
export const POSTBACK_INSTRUCTIONS: readonly string[] = [
  'In TUNE open the offer and go to its "Conversion Pixels/URLs" (the partner sees it on the page of the offer).',
  'Add one of the type URL (postback), for this offer and for any goal, and paste the URL as it is: the macros in braces are filled in by TUNE.',
  'Save. The network may have to approve it before it is called.',
  'Macros with "confirmed": false are not named in TUNE\'s documentation of partner postbacks. One that stays unfilled does no harm: the parameter counts as missing, and the hourly pull brings what it left out.',
  'Leave the hourly pull on. Both ways in lead to one conversion, and the pull has the last word on its amount.',
];
