import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openWorld, report, type Page, type World } from './world.js';

const CONVERSIONS = report(['Stat.tune_event_id'], 'sort[Stat.datetime]=asc&limit=2');
const OFFERS = 'Target=Offer&Method=findAll&sort[id]=asc&limit=2';
const CHANGES = 'Target=Conversion&Method=findUpdatedConversions&start_date=2020-01-01&end_date=2040-01-01&limit=2';
const LISTS = [CONVERSIONS, OFFERS, CHANGES];

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const network = world.simulator.network('demo');
  for (let n = 0; n < 4; n++) {
    const { tuneEventId } = network.addConversion({ datetime: `2026-05-02 10:00:0${n}` });
    network.changeConversion(tuneEventId, { status: 'rejected' });
  }
});
afterEach(() => {
  world.simulator.faults.clear();
  world.simulator.network('demo').configure({ countless: false, countStyle: 'number', maxLimit: 50_000 });
});
afterAll(() => world.simulator.close());

const entriesOf = (page: Page): string[] => Object.keys(page.data).map((key) => JSON.stringify(page.data[Number(key)]));

describe.each(LISTS)('the list of %s', (list) => {
  test('can be shorter than it says, whole pages or parts of them', async () => {
    for (const rows of [0, 1]) {
      world.simulator.faults.next('short_page', { rows });
      const page = await world.data(list);
      expect([Object.keys(page.data).length, page.count]).toEqual([rows, 4]);
    }
    expect(Object.keys((await world.data(list)).data)).toHaveLength(2);
  });

  test('can show a page twice', async () => {
    world.simulator.faults.next('repeated_page');
    expect(entriesOf(await world.data(`${list}&page=2`))).toEqual(entriesOf(await world.data(`${list}&page=1`)));
  });

  test('can count fewer than before, and hold nothing with a good status', async () => {
    world.simulator.faults.next('count_fall', { by: 3 });
    expect((await world.data(list)).count).toBe(1);
    world.simulator.faults.next('data_null');
    expect(await world.data(list)).toMatchObject({ count: 4, data: null });
    world.simulator.faults.next('data_null', { whole: true });
    expect(await world.data(list)).toBeNull();
  });

  test('can be whole and empty, however it writes its counts', async () => {
    world.simulator.faults.next('emptied_list');
    expect(await world.data(list)).toMatchObject({ count: 0, pageCount: 0, data: [] });
    const network = world.simulator.network('demo');
    network.configure({ countStyle: 'text' });
    world.simulator.faults.next('emptied_list');
    expect(await world.data(list)).toMatchObject({ count: '0', pageCount: '0', data: [] });
    network.configure({ countless: true });
    world.simulator.faults.next('emptied_list');
    expect(await world.data(list)).toMatchObject({ count: null, data: [] });
  });

  test('can come without counts, with counts as texts, and in smaller pages than were asked for', async () => {
    const network = world.simulator.network('demo');
    network.configure({ countStyle: 'text', maxLimit: 1 });
    expect(await world.data(list)).toMatchObject({ count: '4', pageCount: '4' });
    expect(Object.keys((await world.data(list)).data)).toHaveLength(1);
    network.configure({ countStyle: 'without_pages' });
    const page = await world.data(list);
    expect(page.count).toBe(4);
    expect(page).not.toHaveProperty('pageCount');
    network.configure({ countless: true });
    expect(await world.data(list)).toMatchObject({ count: null });
  });
});
