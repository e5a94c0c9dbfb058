import { isKnownCurrency, isTimeZone } from '@trackly-tune/domain';
import { errorCode, withTimeLimit } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';

/** What a network says of itself; null where it was not asked, or gave no answer that can be used. */
export interface NetworkSays {
  readonly timeZone: string | null;
  readonly currency: string | null;
  /** Why, by code, where it was asked and did not say. */
  readonly problem: string | null;
}

export const NOT_ASKED: NetworkSays = { timeZone: null, currency: null, problem: null };

const ASK_TIME_MAX_MS = 5_000;

/**
 * Asks a network for its time zone and its currency, as far as they are wanted. A creation does not fail for it: the
 * network may be down, or the token wrong, which Test Connection explains. Never call it inside a transaction.
 */
export async function askNetwork(
  tune: TuneClients,
  credentials: { networkId: string; networkToken: string },
  wanted: { timeZone: boolean; currency: boolean },
): Promise<NetworkSays> {
  if (!wanted.timeZone && !wanted.currency) return NOT_ASKED;
  const client = tune.open(credentials);
  const signal = AbortSignal.timeout(ASK_TIME_MAX_MS);
  const problems: string[] = [];
  const ask = async (wish: boolean, question: () => Promise<string | null>, isUsable: (text: string) => boolean) => {
    if (!wish) return null;
    try {
      const answer = await withTimeLimit('The network', ASK_TIME_MAX_MS, question);
      if (answer !== null && isUsable(answer)) return answer;
      problems.push('no_usable_answer');
    } catch (error) {
      problems.push(errorCode(error) ?? 'failed');
    }
    return null;
  };
  try {
    const [timeZone, currency] = await Promise.all([
      ask(wanted.timeZone, () => client.getTimeZone(signal), isTimeZone),
      ask(wanted.currency, () => client.getDefaultCurrency(signal), isKnownCurrency),
    ]);
    return { timeZone, currency, problem: problems[0] ?? null };
  } finally {
    await client.close();
  }
}
