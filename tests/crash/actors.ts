import { setTimeout as sleep } from 'node:timers/promises';
import type { Conversion } from '@trackly-tune/tune-simulator';
import { ACCOUNT, plantingFor } from '../system/connect-network.js';
import { dayAgo, SHARES } from '../system/networks.js';
import { record } from '../system/platform-facts.js';
import { readFeed, type RevenueChange } from '../system/revenue-feed.js';
import type { CrashNetwork, CrashWorld } from './crash-world.js';
import type { Random } from './random.js';

/** What went on while services and stores were dying. */
export interface Tally {
  facts: number;
  conversions: number;
  changes: number;
  pullsAsked: number;
  postbacks: number;
  postbacksSentAgain: number;
  readonly followed: RevenueChange[];
}

export interface Actor {
  /** Ends after its current turn, and when all that it must send is sent. */
  run(isOver: () => boolean): Promise<void>;
}

const FACTS_EACH = 4;
const NEW_EACH = 12;
const CHANGED_EACH = 6;
const POSTBACK_SHARE = 0.4;

/** The platform tells of messages and clicks bit by bit, most of them after their conversions. */
export function latePlatform(world: CrashWorld, network: CrashNetwork, random: Random, tally: Tally): Actor {
  const { messages, clicks } = network.facts;
  const records = random.shuffle([
    ...messages.map((one) => ({ messages: [one], clicks: [] })),
    ...clicks.map((one) => ({ messages: [], clicks: [one] })),
  ]);
  return {
    async run(isOver) {
      while (records.length > 0) {
        const some = records.splice(0, isOver() ? 500 : FACTS_EACH);
        await record(world.services.api, {
          messages: some.flatMap((one) => one.messages),
          clicks: some.flatMap((one) => one.clicks),
        });
        tally.facts += some.length;
        if (!isOver()) await sleep(random.between(100, 600));
      }
    },
  };
}

/** TUNE calls the postback URL of some; what gets no answer is sent again, as by a sender that cares. */
async function sendPostbacks(network: CrashNetwork, conversions: readonly Conversion[], tally: Tally): Promise<void> {
  for (const conversion of conversions) {
    const url = network.postbackUrls.get(conversion.offerId);
    if (url === undefined) continue;
    for (let attempt = 0; ; attempt += 1) {
      const [fired] = await network.simulated.firePostbacks(url, [conversion], { timeoutMs: 5_000 });
      const status = fired?.status ?? null;
      if (status === 200) break;
      if (status !== null && status < 500) throw new Error(`A postback was refused with ${status}`);
      tally.postbacksSentAgain += 1;
      if (attempt > 600) throw new Error('A postback was never answered');
      await sleep(200);
    }
    tally.postbacks += 1;
  }
}

/** When the conversions of a round happened, in the order in which rounds are planted; local to the network. */
type PeriodOf = (round: number) => { readonly from: string; readonly to: string };

/** Also within pages of a report that were read already: three readings in a row may be overtaken by that. */
const anywhere: PeriodOf = () => ({ from: dayAgo(5), to: dayAgo(1) });

/** One after the other, as conversions happen: a report that is being read grows at its end only. */
export const oneAfterTheOther: PeriodOf = (round) => {
  const at = (second: number): string => new Date(second * 1_000).toISOString().slice(11, 19);
  return { from: `${dayAgo(1)} ${at(round * 20)}`, to: `${dayAgo(1)} ${at(round * 20 + 19)}` };
};

/** In the network, recipients convert and managers change their minds. */
export function livelyNetwork(
  network: CrashNetwork,
  random: Random,
  tally: Tally,
  { periodOf = anywhere }: { periodOf?: PeriodOf } = {},
): Actor {
  const { affiliateId } = network.plan;
  let round = 0;
  return {
    async run(isOver) {
      while (!isOver()) {
        const planted = network.simulated.plantConversions({
          ...plantingFor(network),
          ...{ count: NEW_EACH, ...periodOf(round++), shares: SHARES, seed: random.between(1, 1_000_000) },
        });
        tally.conversions += planted.count;
        const changed = network.simulated.changeConversions({
          ...{ count: CHANGED_EACH, affiliateId, seed: random.between(1, 1_000_000) },
        });
        tally.changes += changed.length;
        const fresh = [...network.simulated.conversions({ affiliateId })].slice(-NEW_EACH);
        // Real networks fire for real conversions: those with a click, neither test nor correction.
        const real = fresh.filter((one) => one.adId !== null && !one.isAdjustment && !isTest(one) && !one.unreadable);
        await sendPostbacks(
          network,
          real.filter(() => random.next() < POSTBACK_SHARE),
          tally,
        );
        await sleep(random.between(300, 1_200));
      }
    },
  };
}

const isTest = ({ statusCode }: Conversion): boolean => statusCode >= 21 && statusCode <= 23;

/** Somebody asks for a pull again and again. */
export function impatientPuller(
  world: Pick<CrashWorld, 'services'>,
  network: CrashNetwork,
  random: Random,
  tally: Tally,
): Actor {
  return {
    async run(isOver) {
      while (!isOver()) {
        const { status } = await world.services.api.ask('POST', `/v1/integrations/${network.id}/conversion-syncs`, {});
        if (status === 202) tally.pullsAsked += 1;
        await sleep(random.between(1_000, 3_000));
      }
    },
  };
}

/** The platform follows the feed behind its cursor through everything. */
export function feedFollower(world: CrashWorld, random: Random, tally: Tally): Actor {
  return {
    async run(isOver) {
      while (!isOver()) {
        const last = tally.followed.at(-1)?.seq ?? 0;
        tally.followed.push(...(await readFeed(world.services.api, ACCOUNT, last)));
        await sleep(random.between(200, 800));
      }
    },
  };
}
