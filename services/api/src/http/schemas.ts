import { isDay, MESSAGE_ID_PATTERN } from '@trackly-tune/domain';
import { z } from 'zod';
import { parseMoment } from './parse-moment.js';

/** Text that PostgreSQL can hold: neither NUL nor lone surrogates, which would come back as something else. */
export function storableString(charactersMax: number, text = z.string()) {
  return text
    .min(1)
    .max(charactersMax)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'must not hold NUL or broken characters');
}

/** Blanks and line ends around an id are not part of it, wherever it comes from (product-rules.md, "Two passes"). */
const id = (charactersMax: number) => storableString(charactersMax, z.string().trim());

/** An id that the platform gives: opaque, case matters. */
export const platformId = id(128);

export const messageId = z.string().trim().regex(MESSAGE_ID_PATTERN, 'must be 8 characters of A-Z, a-z and 0-9');

/** One of our own ids in a query or path; whether it names anything is found out later. */
export const ownId = id(64);

/** The path of one thing. */
export const idParams = z.strictObject({ id: ownId });
/** A query or body that holds nothing. */
export const nothing = z.strictObject({});

export const day = z.string().refine(isDay, 'must be a day that exists, as YYYY-MM-DD').meta({ format: 'date' });

/** A moment of the platform, with Z or an offset, to the millisecond. */
export const moment = z
  .string()
  .max(64)
  .refine((text) => parseMoment(text) !== null, 'must be an ISO 8601 time with Z or an offset, of 1970 to 9999')
  .meta({ format: 'date-time' });

/** A whole number of a body, both bounds inclusive. Whichever is overstepped, both are said. */
export function wholeNumber(from: number, to: number) {
  const error = wholeNumberError(from, to);
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
}

/** The same of a query, where everything is text. */
export function wholeNumberText(from: number, to: number) {
  const error = wholeNumberError(from, to);
  return z.coerce.number({ error }).int({ error }).min(from, { error }).max(to, { error });
}

function wholeNumberError(from: number, to: number) {
  return ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is required' : `must be a whole number from ${from} to ${to}`;
}

export const limit = wholeNumberText(1, 1000).default(100);
/** Where a long list goes on: a number that its last page handed out. */
export const cursor = z
  .string()
  .regex(/^\d{1,18}$/, 'must be a cursor that this list handed out')
  .default('0');
/** The same where nothing stands before the first row, and a list starts without one. */
export const laterCursor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'must be a cursor that this list handed out')
  .optional();
export const page = wholeNumberText(1, 1_000_000_000).default(1);
export const perPage = wholeNumberText(1, 1000).default(50);

const orderedDays = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;

/** Adds to a query with `from` and `to`: a range that cannot hold a day is a mistake, not an empty answer. */
export function refineDays<Schema extends z.ZodType<{ from?: string | undefined; to?: string | undefined }>>(
  schema: Schema,
): Schema {
  return schema.refine(orderedDays, { path: ['to'], message: 'must not be before from' });
}

const givesBooks = (query: { account_id?: string | undefined; integration_id?: string | undefined }): boolean =>
  query.account_id !== undefined || query.integration_id !== undefined;

/** Adds to a query: it has to say whose books it asks for. */
export function refineScope<
  Schema extends z.ZodType<{ account_id?: string | undefined; integration_id?: string | undefined }>,
>(schema: Schema): Schema {
  return schema.refine(givesBooks, { path: ['account_id'], message: 'account_id or integration_id is required' });
}

export const money = z.string().meta({ id: 'Money', description: 'Decimal with five places', examples: ['12.50000'] });
export const time = z.string().meta({ format: 'date-time' });

export const errorAnswer = z
  .object({
    error: z.string().meta({ description: 'For people; it may change' }),
    code: z.string().meta({ description: 'For programs: every one stands in docs/reference/errors.md' }),
    details: z
      .array(z.object({ path: z.string(), message: z.string() }).meta({ id: 'ErrorDetail' }))
      .optional()
      .meta({ description: 'The fields in the way, where the request is not valid' }),
  })
  .meta({ id: 'Error' });

export const NOT_FOUND = '`not_found`: there is no such thing, or the key may not see it';

/** What routes of /v1 can answer that look for something; `documentErrors` adds what every route can. */
export const errorAnswers = {
  404: errorAnswer.meta({ description: NOT_FOUND }),
};

/** What there is to say, as a code for programs and a text for people: a warning, a reason. */
export const codedMessage = z.object({ code: z.string(), message: z.string() }).meta({ id: 'CodedMessage' });
