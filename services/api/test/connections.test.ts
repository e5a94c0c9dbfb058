import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { holderOf, limitConnections, type ClosedBecause } from '../src/http/limit-connections.js';

let server: Server;
const closed: ClosedBecause[] = [];
const waiting: ServerResponse[] = [];
let counts: () => { working: number; idle: number };

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/work') waiting.push(response);
    else response.end('ok');
  });
  const limits = { connectionsMax: 8, shareMax: 5, isProxy: (address: string) => address === '127.0.0.9' };
  counts = limitConnections(server, limits, (because) => closed.push(because)).counts;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function open(localAddress: string): Promise<Socket> {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends a request and waits for the answer, or for the end of the connection. */
async function ask(socket: Socket, path = '/'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [data] = (await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])])) as [
    Buffer | string,
  ];
  return data.toString().split('\r\n')[0] ?? '';
}

const ended = (socket: Socket): Promise<unknown> => (socket.destroyed ? Promise.resolve() : once(socket, 'close'));

test('the longest idle connection of the largest holder gives way, a working one never, and all working is a refusal', async () => {
  const working = await open('127.0.0.2');
  const answer = ask(working, '/work');
  const many: Socket[] = [];
  for (let n = 0; n < 4; n += 1) many.push(await open('127.0.0.2'));
  for (const socket of many) expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
  expect(counts()).toEqual({ working: 1, idle: 4 });

  // Its share is full: the next of the same address takes the place of its own longest idle one.
  const next = await open('127.0.0.2');
  expect(await ask(next)).toBe('HTTP/1.1 200 OK');
  await ended(many[0]!);
  expect(closed).toEqual(['idle_at_share']);

  // A proxy has no share, and fills the rest.
  const proxied: Socket[] = [];
  for (let n = 0; n < 3; n += 1) proxied.push(await open('127.0.0.9'));
  for (const socket of proxied) expect(await ask(socket)).toBe('HTTP/1.1 200 OK');

  // The server is full: somebody else comes in, and the largest holder pays for it.
  const other = await open('127.0.0.3');
  expect(await ask(other)).toBe('HTTP/1.1 200 OK');
  await ended(many[1]!);
  expect(closed).toEqual(['idle_at_share', 'idle_at_limit']);
  expect(working.destroyed).toBe(false);

  // Everybody works: nobody is cut for a newcomer.
  const rest = [many[2]!, many[3]!, next, ...proxied, other];
  const answers = rest.map((socket) => ask(socket, '/work'));
  while (waiting.length < 8) await new Promise((resolve) => setImmediate(resolve));
  const refused = await open('127.0.0.4');
  await ended(refused);
  expect(closed.at(-1)).toBe('refused_at_limit');
  for (const response of waiting) response.end('done');
  expect(await Promise.all([answer, ...answers])).toEqual(Array(8).fill('HTTP/1.1 200 OK'));
});

test('IPv6 addresses of one /64 are one holder, and an IPv4 address is the same in its IPv6 form', () => {
  expect(holderOf('2001:db8:1:2:3:4:5:6')).toBe(holderOf('2001:db8:1:2::9'));
  expect(holderOf('2001:db8:1:2::9')).not.toBe(holderOf('2001:db8:1:3::9'));
  expect(holderOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(holderOf('::1')).toBe(holderOf('0:0:0:0::2'));
});
