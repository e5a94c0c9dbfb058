import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBERED_ENTRIES } from '@trackly-tune/testing';
import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { percentile, readable } from '../measure/statistics.js';
import { WINDOW } from '../world/integrations.js';
import { loadFacts, messageIdOf } from '../world/platform-facts.js';
import { addPostbackOffer } from '../world/postback-offer.js';

const SIZE: Record<Size, { seconds: number; perSecond: number }> = {
  smoke: { seconds: 1, perSecond: 20 },
  quick: { seconds: 10, perSecond: 200 },
  full: { seconds: 30, perSecond: 200 },
};
const MESSAGES = 1_000;
const BOUNDS = { goal: 2_000 };
const ACCOUNT = 'bench-i';
const TICK_MS = 10;
const POLL_MS = 200;
const TIMEOUT_MS = 120_000;

/** Money is in the books right after the network tells of it, also under a steady stream. */
export const postbackToBooks: Benchmark = {
  letter: 'i',
  title: 'Postback to books under a steady stream',
  async run(context) {
    const { seconds, perSecond } = SIZE[context.size];
    const world = await context.openWorld();
    try {
      const sentAt = `${WINDOW.from} 00:00Z`;
      await loadFacts(world.db, { accountId: ACCOUNT, messages: MESSAGES, clicks: 0, sentAt, clickedAt: sentAt });
      const offer = await addPostbackOffer(world, ACCOUNT);
      const count = seconds * perSecond;
      const sent = new Map<string, number>();
      const answers: Promise<void>[] = [];
      const startedMs = performance.now();
      while (sent.size < count) {
        const due = Math.min(count, Math.floor(((performance.now() - startedMs) * perSecond) / 1000) + 1);
        for (let n = sent.size; n < due; n++) {
          const id = `stream-${n}`;
          sent.set(id, Date.now());
          const answer = fetch(world.apiUrl + offer.pathOf(id, messageIdOf(n % MESSAGES))).then(async (response) => {
            if (!response.ok) throw new Error(`A postback got ${response.status}: ${await response.text()}`);
            await response.text();
          });
          answer.catch(() => undefined);
          answers.push(answer);
        }
        await sleep(TICK_MS, undefined, { signal: context.signal });
      }
      const sentPerSecond = (count * 1000) / (performance.now() - startedMs);
      await Promise.all(answers);
      const booked = async (): Promise<{ ad_id: string; at: Date }[]> =>
        (
          await world.db.query<{ ad_id: string; at: Date }>(
            `SELECT v.facts->>'txn_id' AS ad_id, min(f.at) AS at FROM conversion_versions v
             JOIN ${NUMBERED_ENTRIES} f ON f.conversion_id = v.conversion_id
             WHERE v.facts->>'txn_id' LIKE 'stream-%' GROUP BY 1`,
          )
        ).rows;
      const deadline = Date.now() + TIMEOUT_MS;
      let rows = await booked();
      while (rows.length < count) {
        if (Date.now() > deadline) throw new Error(`${rows.length} of ${count} postbacks reached the books`);
        await sleep(POLL_MS, undefined, { signal: context.signal });
        rows = await booked();
      }
      const timesMs = rows.map(({ ad_id, at }) => at.getTime() - (sent.get(ad_id) ?? 0));
      const p99 = percentile(timesMs, 0.99);
      return [
        {
          what: `Postback to books at ${perSecond} a second: p99`,
          goal: '< 2 s',
          floor: '',
          measured: `${readable(p99 / 1000)} s`,
          met: judge(p99, BOUNDS),
          note: `${readable(count)} postbacks in ${seconds} s (${readable(sentPerSecond)} a second), from before the request to its number in the books; median ${readable(percentile(timesMs, 0.5) / 1000)} s`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
