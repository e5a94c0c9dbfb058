import type { Advice } from '@trackly-tune/domain';
import { TuneError, type TuneErrorCode } from './tune-error.js';

/** What TUNE refused with: the error for callers, and the fields that it names as unknown or forbidden. */
export interface Refusal {
  readonly kind: 'refused';
  readonly error: TuneError;
  readonly fields: readonly string[];
  /** TUNE names a row that does not exist. */
  readonly missingRow: boolean;
}

/** TUNE's own words are far shorter; the patterns would take their time over more. */
const CLASSIFIED_LENGTH_MAX = 4_000;
const BROKEN_ROW = /Failed to hydrate rows/i;

type Rule = readonly [pattern: RegExp, code: TuneErrorCode, advice?: Advice];

// tune-api.md, section 2.3; the first that fits counts.
const RULES: readonly Rule[] = [
  [/exceeded[^]*rate limit|rate limit[^]*exceeded/i, 'rate_limited'],
  [/is not white-?listed/i, 'ip_not_allowed'],
  [/is not authenticated|invalid authorization|\bJWT is (?:not valid|missing)/i, 'token_rejected'],
  [/\bnetwork ?id\b[^]*\bis (?:not (?:valid|found)|invalid)/i, 'network_not_found'],
  [/not permitted to perform|API feature is disabled/i, 'permission_denied'],
  [/There was a database error/i, 'tune_database_error'],
  // A row of the page that TUNE cannot load, or that does not exist (quirk 36).
  [BROKEN_ROW, 'tune_error', 'retry-later'],
  [/does not exist or is not allowed to be used/i, 'tune_error', 'never'],
  [/^Missing required argument|^Row id |^Unsupported output format/i, 'tune_error', 'never'],
];

const FIELD = /\bField\s+['"]?([\w.@]{1,100})['"]?\s+does not exist or is not allowed to be used/gi;
const LIMIT_WINDOW = /\b\d{1,6}\s*\/\s*(\d{1,4})\s*s\b/i;
const RATE_WINDOW_MS = 10_000;
const HTTP_CODES: Readonly<Record<number, TuneErrorCode>> = {
  429: 'rate_limited',
  503: 'service_unavailable',
  504: 'gateway_timeout',
};

/** How long TUNE's window is, as its refusal says ("Configured: 50/10s window"); else its documented 10 s. */
function windowMs(text: string): number {
  const seconds = Number(LIMIT_WINDOW.exec(text)?.[1] ?? 0);
  return Math.max(RATE_WINDOW_MS, seconds * 1000);
}

/**
 * Sorts TUNE's words into codes. `httpStatus` is the one inside the envelope; it decides only where the words do not.
 */
export function classifyRefusal(
  texts: readonly string[],
  options: { scrub: (text: string) => string; httpStatus?: number | null; retryAfterMs?: number | undefined },
): Refusal {
  const said = [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))].join('; ').slice(0, 20_000);
  const begun = said.slice(0, CLASSIFIED_LENGTH_MAX);
  const fields = [...said.matchAll(FIELD)].map((match) => match[1] ?? '');
  const [, byText, advice] = RULES.find(([pattern]) => pattern.test(begun)) ?? [];
  const code = byText ?? HTTP_CODES[options.httpStatus ?? 0] ?? 'tune_error';
  const retryAfterMs = code === 'rate_limited' ? (options.retryAfterMs ?? windowMs(begun)) : options.retryAfterMs;
  const message = said === '' ? 'TUNE refused without saying why' : `TUNE says: ${options.scrub(said)}`;
  return {
    kind: 'refused',
    error: new TuneError(code, message, {
      ...(advice ? { advice } : {}),
      retryAfterMs,
      answeredBy: 'tune',
      brokenRow: BROKEN_ROW.test(begun),
    }),
    fields: [...new Set(fields)],
    missingRow: /^(?:Row id |Failed to hydrate rows)/i.test(begun),
  };
}
