import { z } from 'zod';
import { classifyRefusal, type Refusal } from './classify-refusal.js';
import { classifyStatus } from './classify-status.js';
import { parseJson } from './parse-json.js';
import { countOf, filledText, isEmpty, isRecord } from './read-scalar.js';
import { TuneError } from './tune-error.js';

/** What TUNE answered: its `data`, or why not. */
export type Answer = { readonly kind: 'data'; readonly data: unknown } | Refusal;

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | undefined;
}

// `request` and `link` are never read: the first repeats the token (quirk 4).
const envelope = z.object({
  response: z.object({
    // A number in TUNE's envelope, if it is there; other APIs write "ok" and "error".
    status: z
      .unknown()
      .optional()
      .refine((status) => /^-?\d+$/.test(filledText(status)?.trim() ?? '0')),
    httpStatus: z.unknown().optional(),
    data: z.unknown().optional(),
    errors: z.unknown().optional(),
    errorMessage: z.unknown().optional(),
  }),
});
type Response = z.infer<typeof envelope>['response'];

const ERROR_KEYS = ['publicMessage', 'public_message', 'err_msg', 'message', 'error_name', 'error'];
const ERRORS_READ_MAX = 20;

/** `errors` may be empty in three ways, a list, one object, a map, or text (quirk 3). */
function textsOf(errors: unknown, depth = 0): string[] {
  if (isEmpty(errors)) return [];
  if (typeof errors === 'string') return [errors];
  if (depth > 2) return [];
  if (Array.isArray(errors)) return errors.slice(0, ERRORS_READ_MAX).flatMap((error) => textsOf(error, depth + 1));
  if (!isRecord(errors)) return [];
  const own = ERROR_KEYS.map((key) => errors[key]).filter(
    (text) => typeof text === 'string' && text !== '',
  ) as string[];
  if (own.length > 0) return own;
  return Object.values(errors)
    .filter((value) => typeof value === 'object')
    .slice(0, ERRORS_READ_MAX)
    .flatMap((value) => textsOf(value, depth + 1));
}

/** Older answers have their errors inside `data` (tune-api.md, section 2.2). */
function textsOfData(data: unknown): string[] {
  if (!isRecord(data)) return [];
  const own = ERROR_KEYS.map((key) => filledText(data[key])).filter((text) => text !== null);
  return [...own, ...textsOf(data['errors'])];
}

function isSuccess(response: Response): boolean {
  const status = filledText(response.status)?.trim();
  // A missing status is a failure (quirk 2), and so is an error beside a good one.
  return status === '1' && textsOf(response.errors).length === 0 && filledText(response.errorMessage) === null;
}

function contradicts(how: string): TuneError {
  return new TuneError('unexpected_answer', `TUNE answers that all is well, but ${how}`, { answeredBy: 'other' });
}

function readResponse(response: Response, raw: RawAnswer, scrub: (text: string) => string): Answer {
  if (isSuccess(response)) {
    const error = classifyStatus(raw.status, raw.retryAfterMs);
    if (error?.code === 'not_tune') throw contradicts(`with HTTP ${raw.status}`);
    if (error) throw error;
    // `null` and "" say something (quirk 6); no data at all is no answer to any question.
    if (!Object.hasOwn(response, 'data')) throw contradicts('without data');
    return { kind: 'data', data: response.data };
  }
  const texts = [...textsOf(response.errors), filledText(response.errorMessage) ?? ''];
  if (response.status === undefined && texts.every((text) => text === '')) {
    throw new TuneError('unexpected_answer', 'TUNE answers neither with a status nor with an error', {
      answeredBy: 'other',
    });
  }
  return classifyRefusal([...texts, ...textsOfData(response.data)], {
    scrub,
    httpStatus: countOf(response.httpStatus) === 200 ? raw.status : countOf(response.httpStatus),
    retryAfterMs: raw.retryAfterMs,
  });
}

/**
 * Reads TUNE's envelope in all its shapes (tune-api.md, section 2; quirks 1–7, 27). Truth is `response.status`, not the
 * HTTP status. Throws TuneError for what is no envelope: `not_tune`, `response_truncated`, or what the HTTP status says.
 */
export function readEnvelope(raw: RawAnswer, scrub: (text: string) => string): Answer {
  const parsed = parseJson(raw.body);
  const found = parsed.kind === 'json' ? envelope.safeParse(parsed.value) : null;
  if (found?.success) return readResponse(found.data.response, raw, scrub);
  const byStatus = classifyStatus(raw.status, raw.retryAfterMs);
  if (byStatus) throw byStatus;
  const http = `HTTP ${raw.status}`;
  const answeredBy = 'other';
  if (parsed.kind === 'truncated') {
    throw new TuneError('response_truncated', `TUNE's answer (${http}) breaks off`, { answeredBy });
  }
  const what =
    raw.body.trim() === ''
      ? 'is empty'
      : parsed.kind === 'json'
        ? "is JSON, but not TUNE's"
        : 'is no JSON; TUNE answers in JSON';
  throw new TuneError('not_tune', `The answer (${http}) ${what}`, { answeredBy });
}

/** The data of an answer, or its refusal thrown. */
export function demandData(answer: Answer): unknown {
  if (answer.kind === 'refused') throw answer.error;
  return answer.data;
}
