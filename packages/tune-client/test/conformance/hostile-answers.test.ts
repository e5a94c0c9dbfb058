import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FaultDetail, FaultKind } from '@trackly-tune/tune-simulator';
import { failureOf, openConformanceWorld, QUERY, type ConformanceWorld } from './conformance-world.js';

const MIB = 1024 * 1024;

let world: ConformanceWorld;
beforeEach(async () => {
  world = await openConformanceWorld({});
});
afterEach(() => world.close());

describe('an answer that is hard on its reader', () => {
  test.each<[string, FaultKind, FaultDetail, string]>([
    ['that is far too long', 'huge', { bytes: 24 * MIB }, 'response_too_large'],
    [
      'that is far too long once it is unpacked',
      'huge',
      { bytes: 24 * MIB, packed: true, filling: 'blanks' },
      'response_too_large',
    ],
    ['of five million brackets', 'huge', { bytes: 5_000_000, filling: 'brackets' }, 'not_tune'],
    ['of five million brackets, packed', 'huge', { bytes: 5_000_000, filling: 'brackets', packed: true }, 'not_tune'],
    ['full of empty objects', 'huge', { bytes: 8 * MIB, filling: 'empty_objects' }, 'response_too_large'],
    ['with more rows than were asked for', 'extra_rows', {}, 'too_many_rows'],
  ])('%s is refused with a code', async (_title, kind, detail, code) => {
    const { client, simulator } = world;
    const limit = 10;
    for (const method of ['Report::getConversions', 'Offer::findAll', 'Conversion::findUpdatedConversions']) {
      simulator.faults.next(kind, { ...detail, method });
    }
    expect(await failureOf(client.getConversions({ ...QUERY, limit }))).toMatchObject({ code });
    expect(await failureOf(client.listOffers({ page: 1, limit }))).toMatchObject({ code });
    const days = { fromDay: QUERY.fromTime.slice(0, 10), toDay: QUERY.toTime.slice(0, 10) };
    const changes = client.findChangedConversions({ kind: 'updated', ...days, page: 1, limit });
    expect(await failureOf(changes)).toMatchObject({ code });
    // The next answer is read as if nothing had been.
    expect((await client.getConversions(QUERY)).listed).toBe(true);
  });

  test('with an amount of a million zeros is read, and the amount stays as it was written', async () => {
    const { client, simulator } = world;
    simulator.faults.next('long_number', { digits: 1_000_000, method: 'Offer::findAll' });
    const { offers } = await client.listOffers({ page: 1, limit: 100 });
    expect(offers[0]?.defaultPayout).toBe(`1.${'0'.repeat(1_000_000)}e1`);
  });

  test('takes no memory from the others: the largest of those that are too much together is given up', async () => {
    const { client, simulator } = world;
    const whole = { bytes: 15 * MIB, method: 'Report::getConversions' };
    simulator.faults.next('huge', { ...whole, times: 4 });
    const asked = [1, 2, 3, 4].map((page) => failureOf(client.getConversions({ ...QUERY, page })));
    const codes = (await Promise.all(asked)).map(({ code }) => code);
    // A text in the place of the list is refused when it was read.
    expect(new Set(codes)).toEqual(new Set(['memory_full', 'unexpected_answer']));
    expect((await client.getConversions(QUERY)).listed).toBe(true);
  });
});
