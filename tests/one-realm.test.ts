import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

interface Environment {
  setup(): Promise<void>;
  teardown(): Promise<void>;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('what Node.js and packages throw and return is of the classes that a test knows', async () => {
  expect(await failureOf(readFile('no such file'))).toBeInstanceOf(Error);
  expect(await failureOf(new pg.Client({ host: '127.0.0.1', port: 1 }).connect())).toBeInstanceOf(Error);
  expect(new pg.DatabaseError('wrong', 5, 'error')).toBeInstanceOf(Error);
  expect(structuredClone(new Map())).toBeInstanceOf(Map);
});

test('environment variables and the console are as before when a file has ended', async () => {
  const file = fileURLToPath(new URL('./jest/one-realm-environment.mjs', import.meta.url));
  const { OneRealmEnvironment } = (await import(file)) as {
    OneRealmEnvironment: new (config: object, context: object) => Environment;
  };
  const projectConfig = { testEnvironmentOptions: {}, globals: {}, fakeTimers: {} };
  const before = { console: globalThis.console, variables: { ...process.env } };
  const environment = new OneRealmEnvironment({ projectConfig, globalConfig: {} }, {});
  await environment.setup();
  process.env.ONE_REALM = 'set';
  process.env.PATH = 'elsewhere';
  delete process.env.TEST_REDIS_URL;
  globalThis.console = { ...console };
  await environment.teardown();
  expect({ console: globalThis.console === before.console, variables: { ...process.env } }).toEqual({
    console: true,
    variables: before.variables,
  });
});
