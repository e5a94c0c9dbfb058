import { describe, expect, test } from '@jest/globals';
import { toPublicId } from '@trackly-tune/domain';
import { createLogger, type Logger } from './logger.js';

function logTo(write: (logger: Logger) => void): { text: string; lines: Record<string, unknown>[] } {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  write(createLogger({ service: 'api', level: 'info', destination }));
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { text, lines };
}

const TOKEN = 'NETsEcReT0123';

describe('a log line', () => {
  test('is JSON with service, pid, level and time', () => {
    const { lines } = logTo((logger) => logger.info({ run_id: 'run_7' }, 'pulled'));
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/Z$/),
        service: 'api',
        pid: process.pid,
        run_id: 'run_7',
        msg: 'pulled',
      },
    ]);
  });

  test.each([
    'network_token',
    'networkToken',
    'NetworkToken',
    'api_key',
    'apiKey',
    'x-api-key',
    'authorization',
    'postback_secret',
    'password',
    'secret',
    'token',
  ])('never shows %s, at whatever depth it stands', (name) => {
    const field = { [name]: TOKEN };
    const { text, lines } = logTo((logger) => {
      logger.info(field, 'top');
      logger.info({ a: field, b: { c: field }, d: [field], e: { f: { g: { h: { i: field } } } } }, 'deep');
      logger.child(field).info('child');
      logger.child({ request: { headers: field } }).info('child');
      logger.info({ a: { b: { c: { d: { [name]: 12345678 } } } } }, 'a number');
      logger.info({ body: JSON.stringify({ response: field, inner: JSON.stringify(field) }) }, 'JSON in JSON');
      logger.info(`${name}=${TOKEN}&next=1, ${name}: ${TOKEN}, ${name}%3D${TOKEN}%26x`);
    });
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain('12345678');
    expect(lines).toHaveLength(7);
  });

  test('never shows passwords of connection strings, queries of URLs, or authorization headers', () => {
    const { text, lines } = logTo((logger) => {
      logger.info(`connecting to postgres://user:${TOKEN}@host/db and redis://:${TOKEN}@host and pg://u:p@${TOKEN}@h`);
      logger.info({ url: `https://h.example/Apiv3/json?Target=Report&x=${TOKEN}` }, 'called');
      logger.info({ header: `Bearer ${TOKEN}`, other: `authorization: Basic ${TOKEN}` }, 'headers');
      logger.info(`NetworkToken ${TOKEN} is not active`);
    });
    expect(text).not.toContain(TOKEN);
    expect(lines[0]?.['msg']).toBe('connecting to postgres://user:***@host/db and redis://:***@host and pg://u:***@h');
    expect(lines[1]?.['url']).toBe('https://h.example/Apiv3/json?***');
  });

  test('says of an error its code, its causes and its scrubbed text, and none of its other fields', () => {
    const cause = Object.assign(new Error(`refused by postgres://u:${TOKEN}@h/db`), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error(`GET https://h/x?NetworkToken=${TOKEN} failed`, { cause }), {
      code: 'tune_failed',
      request: { anything: TOKEN },
    });
    const { text, lines } = logTo((logger) => {
      logger.error({ err: error }, 'it failed');
      logger.error(error);
      logger.error({ err: new AggregateError([new Error('connect ECONNREFUSED ::1:5432')]) }, 'away');
      logger.error({ err: TOKEN.length }, 'no error at all');
    });
    expect(text).not.toContain(TOKEN);
    expect(lines[0]).toMatchObject({
      err: { code: 'tune_failed', message: 'GET https://h/x?*** failed', cause: { code: 'ECONNREFUSED' } },
    });
    expect(lines[0]?.['err']).not.toHaveProperty('request');
    expect(lines[2]).toMatchObject({ err: { message: 'connect ECONNREFUSED ::1:5432' } });
  });

  test('stays valid JSON whatever stands beside a secret', () => {
    const values = ['', 'a"b', 'a\\', '\\"', '{', 'a,b', 'a b', 'ü\n', '***', null, true, { a: 1 }, [1]];
    const { lines } = logTo((logger) => {
      for (const value of values) {
        logger.info(
          { x: { y: { z: { w: { v: { token: value, after: 'kept' } } } } } },
          `token: ${JSON.stringify(value)} "rest"`,
        );
      }
    });
    expect(lines).toHaveLength(values.length);
    for (const line of lines) expect(JSON.stringify(line)).toContain('"after":"kept"');
  });

  test('names records by the ids that callers see: a row’s number in its place does not compile', () => {
    const { lines } = logTo((logger) => {
      // @ts-expect-error a row's number
      logger.info({ integration_id: 6n }, 'bigint');
      // @ts-expect-error a row's number as text
      logger.info({ run_id: '6' }, 'text');
      // @ts-expect-error the id of another kind
      logger.info({ offer_id: 'int_6' }, 'another kind');
      // @ts-expect-error under another spelling
      logger.info({ conversionId: 6n }, 'another spelling');
      logger.info({ integration_id: toPublicId('integration', 6n), run_id: null, err: new Error('x') }, 'public');
    });
    expect(lines.at(-1)).toMatchObject({ integration_id: 'int_6', run_id: null });
  });

  test('keeps what is no secret', () => {
    const plain = { network_token_hint: '…0123', tokens_used: 3, key: 'msg', message_id: 'AbCd1234' };
    const { lines } = logTo((logger) => logger.info(plain, 'Unexpected token in JSON at https://h/docs'));
    expect(lines[0]).toMatchObject({ ...plain, msg: 'Unexpected token in JSON at https://h/docs' });
  });
});
