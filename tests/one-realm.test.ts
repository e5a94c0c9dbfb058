import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

interface Environment {
  setup(): Promise<void>;
  teardown(): Promise<void>;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('what Node.js and packages throw and return is of the classes that a test knows', async () => {
  expect(await failureOf(readFile('no such file'))).toBeInstanceOf(Error);
  expect(await failureOf(z.string().parseAsync(1))).toBeInstanceOf(Error);
  expect(z.date().parse(new Date(0))).toEqual(new Date(0));
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
