import { makeFacts, type DemoFacts } from '../demo-facts.js';
import type { DemoStep, DemoWorld } from '../demo-world.js';

/** Every tenth message and every eighth click come only after the conversions. */
const LATE_MESSAGES = 10;
const LATE_CLICKS = 8;

interface Stored {
  readonly success_count: number;
  readonly error_count: number;
  readonly errors: readonly { readonly code: string; readonly error: string }[];
}

/** Records facts as the platform does, in bulk. Throws when one is refused. */
export async function record({ api, accountId }: DemoWorld, facts: DemoFacts): Promise<void> {
  for (const [path, list] of [
    ['/v1/messages', facts.messages],
    ['/v1/clicks', facts.clicks],
  ] as const) {
    if (list.length === 0) continue;
    const records = list.map((one) => ({ account_id: accountId, ...one }));
    const { success_count, errors } = await api.post<Stored>(path, { records });
    if (success_count !== list.length) throw new Error(`${path}: ${JSON.stringify(errors.slice(0, 3))}`);
  }
}

/** Messages with offer links go out, most recipients click. */
export const sendMessages: DemoStep = {
  title: 'Messages are sent and clicked',
  async run(world) {
    const { api, narrator, now } = world;
    for (const integration of world.integrations) {
      const { spec } = integration.network;
      const facts = makeFacts(spec.id, [...integration.offerIds.values()], now);
      const isLate = (index: number, every: number): boolean => index % every === every - 1;
      integration.facts = facts;
      integration.late = {
        messages: facts.messages.filter((_, index) => isLate(index, LATE_MESSAGES)),
        clicks: facts.clicks.filter((_, index) => isLate(index, LATE_CLICKS)),
      };
      const [message] = facts.messages;
      const { url } = await api.get<{ url: string }>(
        `/v1/offers/${message?.offer_id ?? ''}/link?message_id=${message?.message_id ?? ''}&click_id=clk-${spec.id}-0`,
      );
      narrator.say(`${spec.id}: a link is ${url}`);
      await record(world, {
        messages: facts.messages.filter((_, index) => !isLate(index, LATE_MESSAGES)),
        clicks: facts.clicks.filter((_, index) => !isLate(index, LATE_CLICKS)),
      });
      const { messages, clicks } = integration.late;
      narrator.say(
        `  ${facts.messages.length} messages and ${facts.clicks.length} clicks; ${messages.length} and ${clicks.length} of them are reported late`,
      );
    }
  },
};
