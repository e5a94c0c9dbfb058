import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { isRedisAway, logConnection } from './connection-log.js';

function capture() {
  const lines: { msg: string; count?: number }[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line) as { msg: string }) });
  return { lines, log: logConnection('queues', logger) };
}

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });

describe('the log of a connection', () => {
  test('says each loss once and each return once, however often connecting fails', () => {
    const { lines, log } = capture();
    log.ready();
    for (let loss = 0; loss < 2; loss += 1) {
      for (let attempt = 0; attempt < 500; attempt += 1) log.error(refused);
      log.ready();
      log.ready();
    }
    const [away, back] = ['queues: Redis is away; waiting for it', 'queues: Redis is back'];
    expect(lines.map(({ msg }) => msg)).toEqual([away, back, away, back]);
  });

  test('never hides an error of another kind, nor floods the log with it', () => {
    const { lines, log } = capture();
    log.error(refused);
    for (let index = 0; index < 201; index += 1) log.error(new Error('WRONGPASS invalid password'));
    log.error(new Error('OOM command not allowed'));
    expect(lines.slice(1).map(({ count }) => count)).toEqual([1, 101, 201, 1]);
  });

  test.each([
    'Connection is closed.',
    "Stream isn't writeable and enableOfflineQueue options is false",
    'Command timed out',
  ])('knows "%s" as a Redis that is away', (message) => expect(isRedisAway(new Error(message))).toBe(true));

  test.each([new Error('NOAUTH Authentication required.'), new Error('WRONGTYPE'), 'text', null])(
    'does not take %s for a Redis that is away',
    (error) => expect(isRedisAway(error)).toBe(false),
  );
});
