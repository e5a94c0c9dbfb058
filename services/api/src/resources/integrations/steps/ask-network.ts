import { isKnownCurrency, isTimeZone } from '@trackly-tune/domain';
import type { Clock } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { CallFailure } from '../../connection-test/rules/explain-failure.js';
import { judgeLook, type Warning } from '../rules/judge-look.js';
import { createAttempts } from '../../connection-test/steps/attempt-call.js';

/** What a network says of itself; null where it was not asked, or gave no answer that can be used. */
export interface NetworkSays {
  readonly timeZone: string | null;
  readonly currency: string | null;
  /** Why, by code, where it was asked and did not say. */
  readonly problem: string | null;
  /** What speaks against the credentials: a token that is refused, an affiliate that nobody knows. */
  readonly warnings: readonly Warning[];
}

export const NOT_ASKED: NetworkSays = { timeZone: null, currency: null, problem: null, warnings: [] };

interface NetworkAccess {
  readonly tune: TuneClients;
  readonly clock: Clock;
}

interface Credentials {
  readonly networkId: string;
  readonly networkToken: string;
  readonly affiliateId: string;
}

/** With what an attempt may be late, the caller waits below three seconds for all questions together. */
const LOOK_TIME_MAX_MS = 2_300;

const FAILED: CallFailure = { code: 'failed', message: '', answeredBy: 'nobody' };

/**
 * Takes one quick look at a network: whether it knows the affiliate (and with it network and token), and its time zone
 * and currency as far as they are wanted. The questions go out at once, each as one call of the rate budget, and what
 * is not answered in time is not known. Nothing fails for it: the network may be down, or the token wrong, which Test
 * Connection explains. Never call it inside a transaction.
 */
export async function askNetwork(
  { tune, clock }: NetworkAccess,
  credentials: Credentials,
  wanted: { timeZone: boolean; currency: boolean },
): Promise<NetworkSays> {
  const { networkId, networkToken, affiliateId } = credentials;
  const client = tune.open({ networkId, networkToken });
  const attempts = createAttempts({
    timeMaxMs: LOOK_TIME_MAX_MS,
    callTimeMaxMs: LOOK_TIME_MAX_MS,
    clock,
  });
  const ask = <Value>(question: (signal: AbortSignal) => Promise<Value>) =>
    attempts.call(question).catch(() => ({ ok: false as const, failure: FAILED }));
  const problems: string[] = [];
  const askFor = async (
    wish: boolean,
    question: (signal: AbortSignal) => Promise<string | null>,
    isUsable: (text: string) => boolean,
  ): Promise<string | null> => {
    if (!wish) return null;
    const answer = await ask(question);
    if (answer.ok && answer.value !== null && isUsable(answer.value)) return answer.value;
    problems.push(answer.ok ? 'no_usable_answer' : answer.failure.code);
    return null;
  };
  try {
    const [affiliate, timeZone, currency] = await Promise.all([
      ask((signal) => client.findAffiliate(affiliateId, signal)),
      askFor(wanted.timeZone, (signal) => client.getTimeZone(signal), isTimeZone),
      askFor(wanted.currency, (signal) => client.getDefaultCurrency(signal), isKnownCurrency),
    ]);
    const warnings = judgeLook(affiliate, { networkId, affiliateId });
    return { timeZone, currency, problem: problems[0] ?? null, warnings };
  } finally {
    await client.close();
  }
}

/** The same look at credentials that are stored or about to be, when only they are of interest. */
export async function lookAtCredentials(access: NetworkAccess, credentials: Credentials): Promise<readonly Warning[]> {
  return (await askNetwork(access, credentials, { timeZone: false, currency: false })).warnings;
}
