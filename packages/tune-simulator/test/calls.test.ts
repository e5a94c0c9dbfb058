import { expect, test } from '@jest/globals';
import { openWorld, type Envelope } from './world.js';

const OFFERS = 'Target=Offer&Method=findAll&limit=1';

test('the call above the limit is refused with the usage, until the window has moved on', async () => {
  let now = Date.UTC(2026, 4, 20);
  const world = await openWorld({ rateLimit: { calls: 3, windowMs: 10_000 } }, () => now);
  const status = async () => ((await (await world.ask(OFFERS)).json()) as Envelope).response.status;
  expect([await status(), await status(), await status(), await status()]).toEqual([1, 1, 1, -1]);
  await expect(world.data(OFFERS)).rejects.toThrow('Configured: 3/10s window; Your usage: 5.');
  now += 10_000;
  expect(await status()).toBe(1);
  await world.simulator.close();
});

test('calls are logged per network with what became of them, and the worst window is found', async () => {
  let now = Date.UTC(2026, 4, 20);
  const world = await openWorld({}, () => now);
  const network = world.simulator.network('demo');
  world.simulator.addNetwork({ id: 'quiet', token: 'x' });
  for (const pause of [0, 4_000, 5_999, 1, 20_000]) {
    now += pause;
    await world.data(OFFERS);
  }
  world.simulator.faults.next('html');
  await world.ask(OFFERS);
  expect(network.calls().total).toBe(6);
  expect(
    network
      .calls()
      .calls.map(({ outcome }) => outcome)
      .slice(-2),
  ).toEqual(['answered', 'html']);
  // The first call is exactly one window before the fourth.
  expect(network.callsInWorstWindow(10_000)).toBe(3);
  expect(network.callsInWorstWindow(10_001)).toBe(4);
  expect(world.simulator.network('quiet').calls()).toEqual({ total: 0, calls: [] });
  network.clearCalls();
  expect(network.callsInWorstWindow(10_000)).toBe(0);
  await world.simulator.close();
});
