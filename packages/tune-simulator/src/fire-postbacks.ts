import type { Conversion } from './conversions/conversion.js';
import { TEXT_FIELDS } from './conversions/text-fields.js';

export interface FiredPostback {
  readonly tuneEventId: string;
  readonly url: string;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
}

export interface PostbackOptions {
  /** Macros that this network leaves alone, e.g. `payout`; they stay literal as unknown ones do. */
  readonly withoutMacros?: readonly string[];
  /** Each is sent so many times, one after the other; default 1. */
  readonly times?: number;
  /** Default 8. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

/** What the network calls its goals; the default one has no name. */
export type GoalNames = (conversion: Conversion) => string | undefined;

function macroValues(conversion: Conversion, goalName: string): Readonly<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const field of TEXT_FIELDS) {
    if (field === 'ad_id') continue;
    const value = conversion.subIds[field] ?? '';
    ids[field] = value;
    // The link's own name of the same parameter (tune-api.md, section 3.7).
    ids[field.replace(/^affiliate_/, 'aff_')] = value;
  }
  return {
    ...ids,
    transaction_id: conversion.adId ?? '',
    payout: conversion.payout,
    offer_id: conversion.offerId,
    affiliate_id: conversion.affiliateId,
    goal_id: conversion.goalId,
    goal_name: goalName,
    currency: conversion.currency,
    status: conversion.status,
    datetime: conversion.datetime,
    date: conversion.datetime.slice(0, 10),
    time: conversion.datetime.slice(11),
  };
}

/** Fills the macros of a partner's postback URL (tune-api.md, section 6.3); one that is not known stays literal. */
export function fillMacros(
  template: string,
  conversion: Conversion,
  withoutMacros: readonly string[] = [],
  goalName = 'Default',
): string {
  const values = macroValues(conversion, goalName);
  return template.replace(/\{([a-z0-9_]+)\}/g, (literal, name: string) => {
    const value = withoutMacros.includes(name) ? undefined : values[name];
    return value === undefined ? literal : encodeURIComponent(value);
  });
}

async function fire(url: string, timeoutMs: number): Promise<number | null> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    // TUNE fires and forgets: no retry is documented.
    return null;
  }
}

/** Sends a GET for each conversion, in order but for those under way at once. Nothing is retried. */
export async function firePostbacks(
  template: string,
  conversions: Iterable<Conversion>,
  options: PostbackOptions = {},
  goalNames: GoalNames = () => undefined,
): Promise<FiredPostback[]> {
  const { withoutMacros, times = 1, concurrency = 8, timeoutMs = 10_000 } = options;
  const list = [...conversions];
  const fired: FiredPostback[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < list.length; index = next++) {
      const conversion = list[index];
      if (conversion === undefined) return;
      const url = fillMacros(template, conversion, withoutMacros, goalNames(conversion));
      for (let time = 0; time < times; time++) {
        fired.push({ tuneEventId: conversion.tuneEventId, url, status: await fire(url, timeoutMs) });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  return fired;
}
