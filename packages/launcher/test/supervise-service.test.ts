import { afterEach, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { superviseService, type SupervisedService } from '../src/supervise-service.js';

const FIXTURE = fileURLToPath(new URL('./fixture-service.mjs', import.meta.url));
const running: SupervisedService[] = [];

/** A supervised fixture; `until` waits for a line that it or its supervisor says. */
function supervise(mode: string) {
  const lines: string[] = [];
  const refused: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    for (const { resolve } of waiting.filter(({ pattern }) => pattern.test(line))) resolve(line);
  };
  const service = superviseService(
    { name: 'fixture', command: process.execPath, args: [FIXTURE, mode], cwd: '/', env: { PATH: process.env.PATH } },
    {
      say: keep,
      onOutput: keep,
      onRefused: (name) => {
        refused.push(name);
        keep(`refused ${name}`);
      },
      timing: { firstMs: 20, maxMs: 50, resetAfterMs: 60_000 },
    },
  );
  running.push(service);
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const said = lines.find((line) => pattern.test(line));
      if (said !== undefined) resolve(said);
      else waiting.push({ pattern, resolve });
    });
  return { service, lines, refused, until };
}

afterEach(() => running.splice(0).forEach((service) => service.kill()));

describe('a supervised service', () => {
  test('says its name and its own process id at each start, and passes on what it prints', async () => {
    const { service, lines, until } = supervise('stay');
    await until(/^here as/);
    expect(lines).toContain(`service=fixture pid=${service.pid()}`);
    expect(lines).toContain(`here as ${service.pid()}`);
  });

  test('is started again at once when that is asked for, not as one that died', async () => {
    const { service, lines, until } = supervise('stay');
    const first = service.pid();
    await until(new RegExp(`^here as ${first}$`));
    await service.restart(5_000);
    expect(service.pid()).not.toBe(first);
    await until(new RegExp(`^here as ${service.pid()}$`));
    expect(lines).toContain(`service fixture (pid ${first}) stopped: exit code 0`);
    expect(lines.filter((line) => line.includes('died'))).toEqual([]);
  });

  test('that dies is started again after delays that double to their end, and a line says so', async () => {
    const { lines, until } = supervise('die');
    await until(/again in 0.05 s/);
    const deaths = lines.filter((line) => line.includes('died'));
    expect(deaths.map((line) => /exit code 3; it is started again in (.*)/.exec(line)?.[1])).toEqual([
      '0.02 s',
      '0.04 s',
      '0.05 s',
    ]);
    expect(lines.filter((line) => line.startsWith('service=fixture pid=')).length).toBeGreaterThanOrEqual(3);
  });

  test('that is killed comes back under another process id', async () => {
    const { service, until } = supervise('stay');
    await until(/^here as/);
    const first = service.pid();
    process.kill(first!, 'SIGKILL');
    await until(/died: SIGKILL/);
    const second = await until(new RegExp(`^here as (?!${first}$)`));
    expect(second).toBe(`here as ${service.pid()}`);
  });

  test('that ends with 78 is not started again', async () => {
    const { service, lines, refused, until } = supervise('refuse');
    await until(/^refused/);
    expect(refused).toEqual(['fixture']);
    expect(service.pid()).toBeNull();
    expect(lines.filter((line) => line.startsWith('service=fixture'))).toHaveLength(1);
    await until(/PORT: is wrong/);
  });

  test('ends by itself when it is stopped, and is not started again', async () => {
    const { service, lines, until } = supervise('stay');
    await until(/^here as/);
    await service.stop(10_000);
    await until(/^orderly end/);
    expect(service.pid()).toBeNull();
    expect(lines.at(-1)).not.toContain('started again');
  });

  test('that does not end by itself is killed after its grace', async () => {
    const { service, lines, until } = supervise('stubborn');
    await until(/^here as/);
    await service.stop(50);
    expect(lines.at(-1)).toContain('stopped: SIGKILL');
  });
});
