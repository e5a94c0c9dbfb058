import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@trackly-tune/service-runtime';
import { watchWaitingNetworks } from './watch-waiting-networks.js';

const DIRECT_AFTER_MS = 1_000;

function watched(options: { networksMax?: number; work?: (networkId: string) => Promise<unknown> } = {}) {
  const woken: string[] = [];
  const worked: string[] = [];
  const world = { waiting: ['a'] as string[], nowMs: 0 };
  const watch = watchWaitingNetworks({
    find: async () => world.waiting,
    wake: async (networkId) => woken.push(networkId),
    work: async (networkId) => {
      worked.push(networkId);
      await options.work?.(networkId);
    },
    directAfterMs: DIRECT_AFTER_MS,
    networksMax: options.networksMax ?? 10,
    now: () => world.nowMs,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const look = () => watch.look(new AbortController().signal);
  return { woken, worked, world, look, settled: () => watch.settled() };
}

describe('networks that wait', () => {
  test('are signalled once, and worked on without the queue only when they still wait', async () => {
    const { woken, worked, world, look } = watched();
    await look();
    world.nowMs = DIRECT_AFTER_MS - 1;
    await look();
    expect({ woken, worked }).toEqual({ woken: ['a'], worked: [] });
    world.nowMs = DIRECT_AFTER_MS;
    await look();
    expect({ woken, worked }).toEqual({ woken: ['a'], worked: ['a'] });
  });

  test('are signalled again when they wait anew', async () => {
    const { woken, worked, world, look } = watched();
    await look();
    world.waiting = [];
    await look();
    world.waiting = ['a'];
    world.nowMs = DIRECT_AFTER_MS;
    await look();
    expect({ woken, worked }).toEqual({ woken: ['a', 'a'], worked: [] });
  });

  test('are worked on as many at once as there are places, one that fails included', async () => {
    let fail = (): void => undefined;
    const hanging = new Promise((_resolve, reject) => (fail = () => reject(new Error('lost'))));
    const { worked, world, look, settled } = watched({ networksMax: 1, work: () => hanging });
    world.waiting = ['a', 'b'];
    await look();
    world.nowMs = DIRECT_AFTER_MS;
    await look();
    await look();
    expect(worked).toEqual(['a']);
    fail();
    await settled();
    await look();
    expect(worked).toEqual(['a', 'b']);
  });
});
