import type { ConversionStatus } from './conversion.js';
import { currencyCodeOf, isKnownCurrency } from './currency.js';
import { amountText, readAmountE5 } from './money.js';
import { filledText, idOrNone } from './read-id.js';
import { isReversal, POSTBACK_EVENTS, type PostbackEvent, type SaidByPostback } from './postback.js';

/** Parameters of a request, by name; one that stood there several times is a list, one that is no text is null. */
export type PostbackParameters = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** Why a postback cannot be used. */
export const POSTBACK_REFUSALS = [
  'amount_negative',
  'amount_too_large',
  'amount_unreadable',
  'currency_unreadable',
  'event_unknown',
  'ids_missing',
  'other_affiliate',
  'repeated_parameter',
  'status_unknown',
  'unreadable_value',
  'value_too_long',
] as const;

export interface PostbackRefusal {
  readonly code: (typeof POSTBACK_REFUSALS)[number];
  /** For people. Never repeats a value: it goes into answers and logs. */
  readonly reason: string;
}

export type ReadPostback =
  { readonly ok: true; readonly said: SaidByPostback } | { readonly ok: false; readonly refusal: PostbackRefusal };

/** What we know; everything else in a URL is a parameter that a person added. */
const KNOWN = new Set([
  ...['offer_id', 'postback_secret', 'affiliate_id', 'revenue', 'txn_id', 'click_id', 'message_id', 'goal_id'],
  ...['currency', 'status', 'event'],
]);

const VALUE_LENGTH_MAX = 500;
const EXTRA_MAX = 20;
const EXTRA_LENGTH_MAX = 200;

/** What is left of a macro that nobody filled: `{payout}`, `{{payout}}`, and the same still encoded. */
const LITERAL_MACRO = /^(?:\{|%7B)+[^{}]*?(?:\}|%7D)+$/i;

const STATUSES = new Set<string>(['approved', 'pending', 'rejected'] satisfies ConversionStatus[]);
const EVENTS = new Set<string>(POSTBACK_EVENTS);

/** True for a macro that TUNE did not fill: it counts as missing (tune-api.md, section 6.3). */
export function isLiteralMacro(value: string): boolean {
  return LITERAL_MACRO.test(value);
}

/** Text that PostgreSQL can hold. */
function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

const refuse = (code: PostbackRefusal['code'], reason: string): ReadPostback => ({
  ok: false,
  refusal: { code, reason },
});

/** A refusal for a parameter that no further reading can make sense of; null when every known one is plain text. */
function refuseUnreadable(parameters: PostbackParameters): ReadPostback | null {
  for (const name of KNOWN) {
    const value = parameters[name];
    if (value === undefined || name === 'postback_secret') continue;
    if (value === null) return refuse('unreadable_value', `${name} must be text or a number`);
    if (typeof value !== 'string') return refuse('repeated_parameter', `${name} stands there more than once`);
    if (value.length > VALUE_LENGTH_MAX) return refuse('value_too_long', `${name} is too long`);
    if (!isStorable(value)) return refuse('unreadable_value', `${name} holds broken characters`);
  }
  return null;
}

/** The value without blanks around it; null when missing, blank or a literal macro. */
function filled(parameters: PostbackParameters, name: string): string | null {
  const value = parameters[name];
  const text = typeof value === 'string' ? filledText(value) : null;
  return text === null || isLiteralMacro(text) ? null : text;
}

/** "0" is no transaction: TUNE writes it for none. */
function idOf(parameters: PostbackParameters, name: string): string | null {
  return idOrNone(filled(parameters, name));
}

function readAmount(parameters: PostbackParameters, event: PostbackEvent | null): string | null | ReadPostback {
  const value = parameters['revenue'];
  if (typeof value !== 'string' || isLiteralMacro(value)) return null;
  const amount = readAmountE5(value);
  if (amount === 'too_large') return refuse('amount_too_large', 'revenue must be below 1,000,000,000,000');
  if (amount === 'unreadable' || value.startsWith('+')) {
    return refuse('amount_unreadable', 'revenue must be a plain decimal with at most five decimals');
  }
  if (value.startsWith('-') && !isReversal(event)) {
    return refuse('amount_negative', 'revenue may be negative only for refund and chargeback');
  }
  return amountText(value);
}

function readExtra(parameters: PostbackParameters): Record<string, string> | null {
  const entries = Object.entries(parameters)
    .flatMap(([name, value]): [string, string][] =>
      KNOWN.has(name) || typeof value !== 'string' || !isStorable(name) || !isStorable(value)
        ? []
        : [[name.slice(0, EXTRA_LENGTH_MAX), value.slice(0, EXTRA_LENGTH_MAX)]],
    )
    .slice(0, EXTRA_MAX);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/**
 * Reads what a postback says: strict where money is concerned, missing where TUNE left a macro
 * unfilled. Written by hand rather than as a schema since it runs for every request of the one route that must be
 * quick.
 *
 * @param affiliateId whose money the integration books; a postback of another affiliate is refused
 */
export function readPostback(parameters: PostbackParameters, affiliateId: string): ReadPostback {
  const unreadable = refuseUnreadable(parameters);
  if (unreadable !== null) return unreadable;
  const affiliate = filled(parameters, 'affiliate_id');
  if (affiliate !== null && affiliate !== affiliateId) {
    return refuse('other_affiliate', 'The postback is for another affiliate than the integration');
  }
  const event = filled(parameters, 'event')?.toLowerCase() ?? null;
  if (event !== null && !EVENTS.has(event)) {
    return refuse('event_unknown', `event must be one of ${POSTBACK_EVENTS.join(', ')}`);
  }
  const status = filled(parameters, 'status')?.toLowerCase() ?? 'approved';
  if (!STATUSES.has(status)) return refuse('status_unknown', 'status must be approved, pending or rejected');
  const currency = currencyCodeOf(filled(parameters, 'currency'));
  if (currency !== null && !isKnownCurrency(currency)) {
    return refuse('currency_unreadable', 'currency must be a code of ISO 4217, e.g. USD');
  }
  const amount = readAmount(parameters, event as PostbackEvent | null);
  if (amount !== null && typeof amount !== 'string') return amount;
  const txnId = idOf(parameters, 'txn_id');
  const clickId = idOf(parameters, 'click_id');
  const messageId = filled(parameters, 'message_id');
  if (txnId === null && clickId === null && messageId === null) {
    return refuse('ids_missing', 'One of txn_id, click_id and message_id is needed to tell postbacks apart');
  }
  const extra = readExtra(parameters);
  return {
    ok: true,
    said: {
      txn_id: txnId,
      click_id: clickId,
      message_id: messageId,
      goal_id: filled(parameters, 'goal_id'),
      event: event as PostbackEvent | null,
      status: status as ConversionStatus,
      amount,
      currency,
      ...(extra === null ? {} : { extra }),
    },
  };
}

/** The parameters of a refused postback as they may be kept: bounded, storable, without the secret. */
export function keepableParameters(parameters: PostbackParameters): Record<string, string | string[]> {
  const clean = (text: string): string => text.slice(0, EXTRA_LENGTH_MAX).replaceAll('\u0000', '\uFFFD').toWellFormed();
  const entries = Object.entries(parameters)
    .filter(([name, value]) => name !== 'postback_secret' && value !== undefined)
    .slice(0, KNOWN.size + EXTRA_MAX)
    .map(([name, value]): [string, string | string[]] => [
      clean(name),
      typeof value === 'string' ? clean(value) : (value ?? []).slice(0, 5).map(clean),
    ]);
  return Object.fromEntries(entries);
}
