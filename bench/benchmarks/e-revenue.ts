import { fromPublicId } from '@trackly-tune/domain';
import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { percentile, readable } from '../measure/statistics.js';
import { settleDown } from '../measure/wal.js';
import { addIntegration, daysAgo } from '../world/integrations.js';
import { loadLedger } from '../world/load-ledger.js';

const SIZE: Record<Size, { entries: number; questions: number }> = {
  smoke: { entries: 2_000, questions: 5 },
  quick: { entries: 1_000_000, questions: 100 },
  full: { entries: 10_000_000, questions: 200 },
};
const BOUNDS = { goal: 200 };
const ACCOUNT = 'bench-e';
const SHAPE = { offers: 100, creativesPerOffer: 20, days: 90 };
const ASKED_DAYS = 30;

interface Answer {
  readonly data: readonly { readonly revenue: string }[];
}

/** Units of 1/100,000, which is what the ledger counts in. */
const unitsOf = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** Totals are folded when entries are numbered, so that a question does not depend on how many there are. */
export const revenue: Benchmark = {
  letter: 'e',
  title: 'Revenue by offer over a large ledger',
  async run(context) {
    const { entries, questions } = SIZE[context.size];
    const world = await context.openWorld();
    try {
      const integration = await addIntegration(world, ACCOUNT);
      const integrationId = fromPublicId('integration', integration.id) ?? 0n;
      const [from, to] = [daysAgo(ASKED_DAYS), daysAgo(1)];
      const startedMs = performance.now();
      await loadLedger(world.db, { integrationId, entries, ...SHAPE, lastDay: to });
      await settleDown(world.db);
      context.say(`  e: ${readable(entries)} entries loaded in ${readable((performance.now() - startedMs) / 1000)} s`);
      const path = `/v1/revenue?integration_id=${integration.id}&group_by=offer&from=${from}&to=${to}&per_page=1000`;
      const timesMs: number[] = [];
      let answer: Answer = { data: [] };
      for (let question = 0; question < questions; question++) {
        const askedMs = performance.now();
        answer = await world.api.get<Answer>(path);
        timesMs.push(performance.now() - askedMs);
      }
      const { rows } = await world.db.query<{ sum: string }>(
        'SELECT sum(revenue_e5) AS sum FROM ledger_entries WHERE integration_id = $1 AND day BETWEEN $2 AND $3',
        [String(integrationId), from, to],
      );
      const answered = answer.data.reduce((sum, row) => sum + unitsOf(row.revenue), 0n);
      if (answered !== BigInt(rows[0]?.sum ?? -1)) throw new Error('The answer is not the sum of the ledger');
      const p95 = percentile(timesMs, 0.95);
      return [
        {
          what: `GET /v1/revenue by offer, ${ASKED_DAYS} days, ${readable(entries)} entries: p95`,
          goal: '< 200 ms',
          floor: '',
          measured: `${readable(p95)} ms`,
          met: judge(p95, BOUNDS),
          note: `${questions} questions one after the other over HTTP; median ${readable(percentile(timesMs, 0.5))} ms; ${SHAPE.offers} offers × ${SHAPE.creativesPerOffer} creatives × ${SHAPE.days} days; the answer equals the ledger's own sum`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
