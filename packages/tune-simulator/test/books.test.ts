import { describe, expect, test } from '@jest/globals';
import type { PlantOptions } from '../src/index.js';
import { BY_TIME, openWorld, report, type Row, type World } from './world.js';

const NOW = () => Date.UTC(2026, 4, 20, 12);
const PLANTED: PlantOptions = {
  count: 600,
  from: '2026-05-01',
  to: '2026-05-07',
  messageIds: Array.from({ length: 20 }, (_, n) => `Msg${String(n).padStart(5, '0')}`),
  clicks: Array.from({ length: 20 }, (_, n) => ({
    clickId: `click-${n}`,
    messageId: `Msg${String(n).padStart(5, '0')}`,
  })),
  currencies: ['USD', 'EUR'],
  shares: {
    pending: 0.2,
    rejected: 0.1,
    test: 0.05,
    adjustment: 0.1,
    emptyAdId: 0.05,
    sameClick: 0.1,
    withoutIds: 0.1,
    foreignIds: 0.05,
    otherAffiliates: 0.2,
    unreadable: 0.05,
  },
};

/** Adds up what a client sees that simply reads every page. */
async function addUp(world: World): Promise<Map<string, { revenue: number; conversions: number }>> {
  const fields = [
    'tune_event_id',
    'datetime',
    'offer_id',
    'affiliate_id',
    'status',
    'status_code',
    'is_adjustment',
    'payout',
    'currency',
  ].map((f) => `Stat.${f}`);
  const sums = new Map<string, { revenue: number; conversions: number }>();
  let pageCount = 1;
  for (let page = 1; page <= pageCount; page++) {
    const answer = await world.data(report(fields, `${BY_TIME}&limit=100&page=${page}`));
    pageCount = answer.pageCount ?? 0;
    for (const { Stat } of answer.data as { Stat: NonNullable<Row['Stat']> }[]) {
      if (Stat['affiliate_id'] !== '1002' || Stat['status'] !== 'approved') continue;
      if (isUnreadable(Stat)) continue;
      if (['21', '22', '23'].includes(String(Stat['status_code']))) continue;
      const currency = String(Stat['currency']);
      const sum = sums.get(currency) ?? { revenue: 0, conversions: 0 };
      sum.revenue += Math.round(Number(Stat[`payout@${currency}`]) * 100_000);
      if (Stat['is_adjustment'] !== '1') sum.conversions += 1;
      sums.set(currency, sum);
    }
  }
  return sums;
}

/** Garbled in one of the ways in which rows are planted. */
function isUnreadable(stat: NonNullable<Row['Stat']>): boolean {
  const { tune_event_id, offer_id, status, datetime } = stat;
  return tune_event_id === null || offer_id === '' || status === 'maybe' || String(datetime).startsWith('0000');
}

test('the books equal the sum of what a naive client pulls, also after later changes', async () => {
  const world = await openWorld({ currencies: ['USD', 'EUR'] }, NOW);
  const network = world.simulator.network('demo');
  network.plantConversions(PLANTED);
  for (let round = 0; round < 2; round++) {
    const pulled = await addUp(world);
    const { totals } = network.books({ affiliateId: '1002' });
    expect(totals.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    for (const { currency, revenue, conversions } of totals) {
      expect({ revenue: Math.round(Number(revenue) * 100_000), conversions }).toEqual(pulled.get(currency));
    }
    const kinds = ['approve', 'reject', 'pend', 'payout', 'currency'] as const;
    expect(network.changeConversions({ count: 150, kinds })).toHaveLength(150);
  }
  await world.simulator.close();
});

describe('books', () => {
  test('by offer, day and message they add up to the totals', async () => {
    const world = await openWorld({ currencies: ['USD', 'EUR'] }, NOW);
    const network = world.simulator.network('demo');
    network.plantConversions(PLANTED);
    const books = network.books({ affiliateId: '1002' });
    const total = books.totals.reduce((sum, line) => sum + line.conversions, 0);
    for (const lines of [books.byOffer, books.byDay, books.byOfferAndDay, books.byMessage]) {
      expect(lines.reduce((sum, line) => sum + line.conversions, 0)).toBe(total);
    }
    expect(books.byMessage.some(({ messageId }) => messageId === null)).toBe(true);
    const days = ['2026-05-01', '2026-05-02'].map(
      (day) => network.books({ affiliateId: '1002', from: day, to: day }).rows,
    );
    expect(network.books({ affiliateId: '1002', from: '2026-05-01', to: '2026-05-02' }).rows).toBe(days[0]! + days[1]!);
    await world.simulator.close();
  });

  test('tests and rejected are worth nothing, adjustments count with their sign, pending stands apart', async () => {
    const world = await openWorld({}, NOW);
    const network = world.simulator.network('demo');
    const datetime = '2026-05-01 10:00:00';
    network.addConversion({ datetime, payout: '10' });
    network.addConversion({ datetime, payout: '4.00001', status: 'pending' });
    network.addConversion({ datetime, payout: '99', status: 'rejected' });
    network.addConversion({ datetime, payout: '50', statusCode: 22 });
    network.addConversion({ datetime, payout: '-2.5', isAdjustment: true });
    expect(network.books({ affiliateId: '1002' }).totals).toEqual([
      {
        currency: 'USD',
        conversions: 1,
        revenue: '7.50000',
        pending: '4.00001',
        pendingConversions: 1,
        rejectedConversions: 1,
        tests: 1,
        adjustments: 1,
      },
    ]);
    await world.simulator.close();
  });

  test('the same seed makes the same network, another one another', async () => {
    const make = async (seed: number) => {
      const world = await openWorld({ currencies: ['USD', 'EUR'], seed }, NOW);
      const network = world.simulator.network('demo');
      network.plantConversions(PLANTED);
      network.changeConversions({ count: 50 });
      await world.simulator.close();
      return JSON.stringify([...network.conversions()]);
    };
    const [first, again, other] = [await make(5), await make(5), await make(6)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});
