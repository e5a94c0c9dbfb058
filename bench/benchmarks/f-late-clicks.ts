import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBERED_ENTRIES } from '@trackly-tune/testing';
import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { percentile, readable } from '../measure/statistics.js';
import { addIntegration, WINDOW } from '../world/integrations.js';
import { loadFacts, messageIdOf } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { clicks: number; messages: number }> = {
  smoke: { clicks: 5, messages: 100 },
  quick: { clicks: 100, messages: 1_000 },
  full: { clicks: 500, messages: 10_000 },
};
const BOUNDS = { goal: 10_000 };
const ACCOUNT = 'bench-f';
const POLL_MS = 100;
const TIMEOUT_MS = 120_000;

const lateClickId = (index: number): string => `late-${index}`;

/** Conversions that found nobody are re-attributed by themselves when their click arrives (product-rules.md). */
export const lateClicks: Benchmark = {
  letter: 'f',
  title: 'Late click to books',
  async run(context) {
    const { clicks, messages } = SIZE[context.size];
    const world = await context.openWorld();
    try {
      const sentAt = `${WINDOW.from} 00:00Z`;
      await loadFacts(world.db, { accountId: ACCOUNT, messages, clicks: 0, sentAt, clickedAt: sentAt });
      const integration = await addIntegration(world, ACCOUNT);
      await world.simulator.network(integration.networkId).plantConversions({
        count: clicks,
        ...WINDOW,
        clicks: Array.from({ length: clicks }, (_, index) => ({ clickId: lateClickId(index), messageId: null })),
      });
      const route = `/v1/integrations/${integration.id}/conversion-syncs`;
      await completeRun(world, route, WINDOW, context.signal);
      const sent = new Map<string, number>();
      for (let index = 0; index < clicks; index++) {
        sent.set(lateClickId(index), Date.now());
        await world.api.post('/v1/clicks', {
          records: [
            {
              account_id: ACCOUNT,
              click_id: lateClickId(index),
              message_id: messageIdOf(index % messages),
              clicked_at: `${WINDOW.from}T00:00:00Z`,
            },
          ],
        });
      }
      const booked = async (): Promise<{ click_id: string; at: Date }[]> =>
        (
          await world.db.query<{ click_id: string; at: Date }>(
            `SELECT d.click_id, max(f.at) AS at FROM decisions d
             JOIN ledger_entries e ON e.conversion_id = d.conversion_id AND e.decision_no = d.no
             JOIN ${NUMBERED_ENTRIES} f ON f.conversion_id = e.conversion_id AND f.entry_no = e.entry_no
             WHERE d.click_id LIKE 'late-%' GROUP BY d.click_id`,
          )
        ).rows;
      const deadline = Date.now() + TIMEOUT_MS;
      let rows = await booked();
      while (rows.length < clicks) {
        if (Date.now() > deadline) throw new Error(`${rows.length} of ${clicks} late clicks reached the books`);
        await sleep(POLL_MS, undefined, { signal: context.signal });
        rows = await booked();
      }
      const timesMs = rows.map(({ click_id, at }) => at.getTime() - (sent.get(click_id) ?? 0));
      const p95 = percentile(timesMs, 0.95);
      return [
        {
          what: 'Late click to books: p95',
          goal: '< 10 s',
          floor: '',
          measured: `${readable(p95 / 1000)} s`,
          met: judge(p95, BOUNDS),
          note: `${clicks} clicks, each a request of its own, one after the other; from before the request to its number in the books; median ${readable(percentile(timesMs, 0.5) / 1000)} s`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
