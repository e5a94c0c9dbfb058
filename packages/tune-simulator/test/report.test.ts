import { afterEach, describe, expect, test } from '@jest/globals';
import { BY_TIME, openWorld, report, type Envelope, type Page, type Row, type World } from './world.js';

const NOW = Date.UTC(2026, 4, 20, 12);
const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.simulator.close();
});

async function start(spec: Parameters<typeof openWorld>[0] = {}) {
  const world = await openWorld(spec, () => NOW);
  open.push(world);
  return { ...world, network: world.simulator.network('demo') };
}

const ids = (page: Page) => page.data.map((row: Row) => row['Stat']?.['tune_event_id']);
const between = (from: string, to: string, field = 'Stat.datetime') =>
  `filters[${field}][conditional]=BETWEEN&filters[${field}][values][]=${from}&filters[${field}][values][]=${to}`;

describe('spellings', () => {
  test('of one row differ, and all of them mean the same; the same row is always spelled the same', async () => {
    const { network, data } = await start({ spelling: 'every', currencies: ['USD', 'EUR'] });
    for (let n = 0; n < 60; n++) {
      network.addConversion({
        datetime: `2026-05-01 10:00:${String(n).padStart(2, '0')}`,
        payout: '1.5',
        currency: n % 2 === 0 ? 'USD' : 'EUR',
        status: n % 5 === 0 ? 'rejected' : 'approved',
        isAdjustment: n % 7 < 3,
        subIds: { aff_sub: 'AbCd1234' },
      });
    }
    const fields = ['tune_event_id', 'is_adjustment', 'payout', 'currency', 'status', 'affiliate_info1'];
    const ask = () =>
      data(
        report(
          fields.map((name) => `Stat.${name}`),
          `limit=100&${BY_TIME}`,
        ),
      );
    const page = await ask();
    const seen = (name: string) => new Set(page.data.map((row: Row) => row['Stat']?.[name]));
    expect([...seen('is_adjustment')]).toEqual(expect.arrayContaining(['false', 'no', 0, '', 'true', 1]));
    expect([...seen('affiliate_info1')]).toEqual(expect.arrayContaining([' AbCd1234', 'AbCd1234\r\n']));
    expect([...seen('payout')]).toEqual(expect.arrayContaining(['1.50000', '1.500000', '']));
    expect([...seen('currency')]).toEqual(expect.arrayContaining(['USD', ' eur\n', '']));
    expect((await ask()).data).toEqual(page.data);
  });
});

describe('filters', () => {
  test('BETWEEN holds both ends, lists act like IN, and all filters hold at once', async () => {
    const { network, data } = await start();
    const times = ['2026-05-01 00:00:00', '2026-05-01 23:59:59', '2026-05-02 00:00:00'];
    const [a, b, c] = times.map((datetime) => network.addConversion({ datetime, offerId: '11' }).tuneEventId);
    const d = network.addConversion({ datetime: times[1]!, offerId: '12', status: 'pending' }).tuneEventId;
    const e = network.addConversion({
      datetime: times[1]!,
      affiliateId: '1003',
      subIds: { aff_sub: 'a_B%' },
    }).tuneEventId;
    const ask = (filters: string) => data(report(['Stat.tune_event_id'], `${filters}&${BY_TIME}`)).then(ids);
    expect(await ask(between(times[0]!, times[1]!))).toEqual([a, b, d, e]);
    expect(await ask(between('2026-05-01', '2026-05-01', 'Stat.date'))).toEqual([a, b, d, e]);
    const list = 'filters[Stat.offer_id][conditional]=EQUAL_TO&filters[Stat.offer_id][values][]=';
    expect(await ask(`${list}12&filters[Stat.offer_id][values][]=77`)).toEqual([d]);
    const own = 'filters[Stat.affiliate_id][conditional]=EQUAL_TO&filters[Stat.affiliate_id][values][]=1002';
    expect(await ask(`${own}&${between(times[1]!, times[2]!)}`)).toEqual([b, d, c]);
    expect(await ask('filters[Stat.status][conditional]=NOT_EQUAL_TO&filters[Stat.status][values]=approved')).toEqual([
      d,
    ]);
    expect(
      await ask(
        'filters[Stat.datetime][conditional]=GREATER_THAN&filters[Stat.datetime][values][]=2026-05-01 23:59:59',
      ),
    ).toEqual([c]);
    expect(
      await ask(
        `filters[Stat.tune_event_id][conditional]=LESS_THAN_OR_EQUAL_TO&filters[Stat.tune_event_id][values][]=${b!}`,
      ),
    ).toEqual([a, b]);
    expect(
      await ask('filters[Stat.affiliate_info1][conditional]=LIKE&filters[Stat.affiliate_info1][values][]=a_b%25'),
    ).toEqual([e]);
    expect(await ask('data_start=2026-05-02&data_end=2026-05-02')).toEqual([c]);
    network.configure({ ignoredFilters: ['Stat.affiliate_id'] });
    expect(await ask(own)).toEqual([a, b, d, e, c]);
  });

  test('rows older than 762 days are out of reach', async () => {
    const { network, data } = await start();
    network.addConversion({ datetime: '2024-04-18 00:00:00' });
    const near = network.addConversion({ datetime: '2024-04-18 23:59:59' }).tuneEventId;
    expect(ids(await data(report(['Stat.tune_event_id'])))).toContain(near);
    network.addConversion({ datetime: '2024-04-17 23:59:59' });
    expect((await data(report(['Stat.tune_event_id']))).count).toBe(2);
  });

  test('hour_offset moves times and what filters mean by them', async () => {
    const { network, data } = await start();
    network.addConversion({ datetime: '2026-05-01 01:00:00' });
    const moved = `hour_offset=-3&${between('2026-04-30 22:00:00', '2026-04-30 22:00:00')}`;
    expect((await data(report(['Stat.datetime', 'Stat.date'], moved))).data).toEqual([
      { Stat: { datetime: '2026-04-30 22:00:00', date: '2026-04-30' } },
    ]);
  });
});

describe('fields', () => {
  test('a row has the asked fields only, nested per model', async () => {
    const { network, data } = await start();
    network.addConversion({
      datetime: '2026-05-01 10:00:00',
      payout: '2.5',
      subIds: { affiliate_unique2: 'Ab12Cd34' },
    });
    const fields = ['Stat.payout', 'ConversionsMobile.affiliate_unique2', 'Goal.name'];
    expect((await data(report(fields))).data).toEqual([
      { Stat: { payout: '2.50000' }, ConversionsMobile: { affiliate_unique2: 'Ab12Cd34' }, Goal: { name: 'Default' } },
    ]);
  });

  test('one unknown or forbidden field fails the whole report', async () => {
    const { data } = await start({ forbiddenFields: ['ConversionsMobile.affiliate_unique1'] });
    for (const field of ['Stat.nothing', 'ConversionsMobile.affiliate_unique1']) {
      const text = `Field '${field}' does not exist or is not allowed to be used.`;
      await expect(data(report(['Stat.payout', field]))).rejects.toThrow(text);
    }
  });

  test('with several currencies the true amount stands in its own column, plain payout is converted', async () => {
    const { network, data } = await start({ currencies: ['USD', 'EUR'], rates: { EUR: '1.25' } });
    network.addConversion({ datetime: '2026-05-01 10:00:00', payout: '8', currency: 'EUR' });
    const page = await data(report(['Stat.payout', 'Stat.currency']));
    expect(page.currency_columns).toEqual(['Stat.payout@USD', 'Stat.payout@EUR']);
    expect(page.data[0]?.['Stat']).toMatchObject({ payout: '10.00000', currency: 'EUR', 'payout@EUR': '8.00000' });
    const plain = await data(report(['Stat.payout']));
    expect(plain.currency_columns).toBeUndefined();
    expect(plain.data[0]?.['Stat']).toEqual({ payout: '10.00000' });
  });

  test('lists may be indexed, and a form POST may hold them', async () => {
    const { network, ask } = await start();
    network.addConversion({ datetime: '2026-05-01 10:00:00', payout: '1', goalId: '46' });
    const parameters = 'Target=Report&Method=getConversions&fields[0]=Stat.payout&fields[1]=Stat.goal_id';
    for (const method of ['GET', 'POST'] as const) {
      const answer = (await (await ask(parameters, { method })).json()) as Envelope;
      expect(answer.response.data.data).toEqual([{ Stat: { payout: '1.00000', goal_id: '46' } }]);
    }
  });

  test('planted values are sent as they are', async () => {
    const { network, data } = await start();
    network.addConversion({ datetime: '2026-05-01 10:00:00', raw: { 'Stat.payout': 'abc' }, unreadable: true });
    expect((await data(report(['Stat.payout']))).data).toEqual([{ Stat: { payout: 'abc' } }]);
    expect(network.books({ affiliateId: '1002' })).toMatchObject({ rows: 1, unreadable: 1, totals: [] });
  });
});

describe('pages', () => {
  test('sorted pages hold every row once; without a limit there are 50 rows to a page', async () => {
    const { network, data } = await start();
    network.plantConversions({ count: 230, from: '2026-05-01', to: '2026-05-02' });
    const first = await data(report(['Stat.tune_event_id'], BY_TIME));
    expect(first).toMatchObject({ page: 1, count: 230, pageCount: 5 });
    const seen = new Set<unknown>();
    for (let page = 1; page <= 3; page++) {
      ids(await data(report(['Stat.tune_event_id'], `${BY_TIME}&limit=100&page=${page}`))).forEach((id) =>
        seen.add(id),
      );
    }
    expect(seen.size).toBe(230);
    expect((await data(report(['Stat.tune_event_id'], `${BY_TIME}&limit=100&page=4`))).data).toEqual([]);
  });

  test('without a sort the order is another one in each call; by time alone, ties come either way round', async () => {
    const { network, data } = await start();
    for (let n = 0; n < 40; n++) network.addConversion({ datetime: '2026-05-01 10:00:00' });
    const ask = async (sort: string) => ids(await data(report(['Stat.tune_event_id'], sort))).join();
    expect(await ask('')).not.toBe(await ask(''));
    expect(await ask('sort[Stat.datetime]=asc')).not.toBe(await ask('sort[Stat.datetime]=asc'));
    expect(await ask(BY_TIME)).toBe(await ask(BY_TIME));
  });

  test('a limit above the largest is cut to it', async () => {
    const { network, data } = await start({ maxLimit: 10 });
    network.plantConversions({ count: 25, from: '2026-05-01', to: '2026-05-02' });
    expect(await data(report(['Stat.tune_event_id'], 'limit=1000'))).toMatchObject({ count: 25, pageCount: 3 });
  });
});
