import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { controlTuneSimulator } from '../src/index.js';
import { openWorld, report, TOKEN } from './world.js';

test('another process can do and ask the same over HTTP', async () => {
  const world = await openWorld({}, () => Date.UTC(2026, 4, 20, 12));
  const local = world.simulator.network('demo');
  const remote = controlTuneSimulator(world.simulator.url);
  const network = remote.network('demo');
  expect(await network.plantConversions({ count: 30, from: '2026-05-01', to: '2026-05-03' })).toMatchObject({
    count: 30,
  });
  const added = await network.addConversion({ datetime: '2026-05-04 10:00:00', payout: '7' });
  expect(await network.changeConversion(added.tuneEventId, { status: 'rejected' })).toEqual(
    local.conversion(added.tuneEventId),
  );
  expect(await network.changeConversions({ count: 3, kinds: ['reject'] })).toHaveLength(3);
  expect(await network.conversions({ after: '100000029' })).toEqual([...local.conversions()].slice(29));
  const query = { affiliateId: '1002', from: '2026-05-01', to: '2026-05-03' };
  expect(await network.books(query)).toEqual(local.books(query));
  await remote.faults.next('server_error');
  expect((await world.ask(report(['Stat.payout']))).status).toBe(500);
  expect(await remote.faults.met()).toEqual({ server_error: 1 });
  expect(await network.calls()).toMatchObject({ total: 1, worstWindow: 1 });
  await remote.addNetwork({ id: 'second', token: 'x' });
  await network.configure({ ipAllowed: false });
  await expect(world.data(report(['Stat.payout']))).rejects.toThrow('not white-listed');
  await expect(network.changeConversion('5', {})).rejects.toThrow('No conversion 5');
  const networks = await (await fetch(`${world.simulator.url}/_control/networks`)).text();
  expect(networks).toContain('second');
  expect(networks).not.toContain(TOKEN);
  await world.simulator.close();
});

test('conversions that were changed or added by hand are found by the day of the change', async () => {
  const world = await openWorld({}, () => Date.UTC(2026, 4, 20, 12));
  const network = world.simulator.network('demo');
  const changed = network.addConversion({ datetime: '2026-01-01 10:00:00' }).tuneEventId;
  const byHand = network.addConversion({ datetime: '2026-02-01 10:00:00', byHand: true }).tuneEventId;
  network.changeConversion(changed, { payout: '3' });
  const ask = async (kind: string, day: string) => {
    const days = `start_date=${day}&end_date=${day}&limit=10`;
    return Object.keys((await world.data(`Target=Conversion&Method=find${kind}Conversions&${days}`)).data);
  };
  expect(await ask('Updated', '2026-05-20')).toEqual([changed]);
  expect(await ask('Added', '2026-05-20')).toEqual([byHand]);
  expect(await ask('Updated', '2026-05-19')).toEqual([]);
  await world.simulator.close();
});

test('as a process of its own it prints its URL and ends on a signal', async () => {
  const main = path.join(import.meta.dirname, '../dist/main.js');
  const networks = JSON.stringify([{ id: 'alone', token: 'NETalone' }]);
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', TUNE_SIMULATOR_NETWORKS: networks },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /url=(\S+)\n/.exec(line.toString())?.[1] ?? '';
  const call = 'NetworkToken=NETalone&Target=Application&Method=getTimezone';
  expect(await (await fetch(`${url}/alone/Apiv3/json?${call}`)).json()).toMatchObject({ response: { status: 1 } });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
