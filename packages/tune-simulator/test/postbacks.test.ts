import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openWorld } from './world.js';

/** Keeps the addresses that it was called under. */
async function openReceiver() {
  const urls: string[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url ?? '');
    response.writeHead(urls.length === 1 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { urls, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('macros are filled and encoded, unknown ones stay literal, nothing is retried', async () => {
  const world = await openWorld();
  const receiver = await openReceiver();
  const network = world.simulator.network('demo');
  const conversion = network.addConversion({
    datetime: '2026-05-01 10:00:00',
    payout: '2.5',
    adId: 'tx&1',
    offerId: '12',
    goalId: '46',
    subIds: { aff_sub2: 'Ab12Cd34', affiliate_unique1: 'u', source: 'a b' },
  });
  const query =
    'txn_id={transaction_id}&revenue={payout}&m={aff_sub2}&u={aff_unique1}&s={source}&g={goal_id}&a={affiliate_id}' +
    '&none={aff_sub}&x={nothing}&c={currency}&n={goal_name}';
  const fired = await network.firePostbacks(`${receiver.url}/conv?${query}`, [conversion.tuneEventId], {
    withoutMacros: ['currency'],
    times: 2,
    concurrency: 1,
  });
  const url =
    '/conv?txn_id=tx%261&revenue=2.50000&m=Ab12Cd34&u=u&s=a%20b&g=46&a=1002&none=&x={nothing}&c={currency}&n=LEAD';
  expect(receiver.urls).toEqual([url, url]);
  expect(fired.map(({ status }) => status)).toEqual([503, 200]);
  receiver.server.close();
  await world.simulator.close();
});

test('a receiver that is away is told apart', async () => {
  const world = await openWorld();
  const receiver = await openReceiver();
  await new Promise((resolve) => receiver.server.close(resolve));
  const network = world.simulator.network('demo');
  const conversion = network.addConversion({ datetime: '2026-05-01 10:00:00' });
  expect(await network.firePostbacks(receiver.url, [conversion])).toMatchObject([{ status: null }]);
  await world.simulator.close();
});
