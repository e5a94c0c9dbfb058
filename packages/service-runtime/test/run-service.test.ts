import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { VERSION } from '../src/version.js';

const FIXTURE = fileURLToPath(new URL('./fixture-service.ts', import.meta.url));
const API_KEYS = 'a-key-of-sixteen-or-more';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly messages: readonly string[];
}

/** Starts the fixture; `onLine` may send it signals. */
function run(
  env: Record<string, string>,
  onLine: (message: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended & { pid: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const messages: string[] = [];
  let [out, err, rest] = ['', '', ''];
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { msg } = JSON.parse(line) as { msg: string };
      messages.push(msg);
      onLine(msg, (signal) => void child.kill(signal));
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err, messages, pid: child.pid ?? 0 }));
  });
}

describe('the process of a service', () => {
  test('ends with 78 and every problem on stderr, nothing started, when its environment cannot be used', async () => {
    const { code, out, err } = await run({ LOG_LEVEL: 'loud', HEALTH_PORT: 'x' });
    expect(code).toBe(78);
    expect(out).toBe('');
    expect(err).toContain('fixture: The configuration cannot be used:');
    for (const name of ['LOG_LEVEL', 'HEALTH_PORT', 'API_KEYS']) expect(err).toContain(`  - ${name}: `);
  });

  test('says its name and process id at start, whatever the log level', async () => {
    const ended = await run({ API_KEYS, LOG_LEVEL: 'fatal', FIXTURE_MODE: 'crash' });
    expect(JSON.parse(ended.out.split('\n')[0] ?? '')).toMatchObject({ service: 'fixture', pid: ended.pid });
    expect(ended.messages[0]).toBe(`service=fixture pid=${ended.pid} version=${VERSION} starting`);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: readiness off, then last opened first, then exit 0',
    async (signal) => {
      const { code, messages } = await run({ API_KEYS }, (message, kill) => {
        // The second one comes at once, as from a terminal and a supervisor: it changes nothing.
        if (message === 'started') [signal, signal].forEach(kill);
      });
      expect(messages.slice(1)).toEqual([
        'started',
        'stopping',
        'readiness off',
        'worker closing',
        'database closed',
        'stopped',
      ]);
      expect(code).toBe(0);
    },
  );

  test('a second signal later than half a second ends it at once with 1', async () => {
    const { code, messages } = await run({ API_KEYS, FIXTURE_MODE: 'hang' }, (message, kill) => {
      if (message === 'started') kill('SIGTERM');
      if (message === 'worker closing') setTimeout(() => kill('SIGTERM'), 700);
    });
    expect(messages.at(-1)).toBe('second signal; ending now');
    expect(code).toBe(1);
  });

  test('what hangs does not keep the rest open, and ends with 1 within the budget', async () => {
    const { code, messages } = await run({ API_KEYS, FIXTURE_MODE: 'hang' }, (message, kill) => {
      if (message === 'started') kill('SIGTERM');
    });
    expect(messages.slice(-4)).toEqual(['worker closing', 'worker could not be closed', 'database closed', 'stopped']);
    expect(code).toBe(1);
  });

  test('an error that nobody caught is logged with its code, everything is closed, exit 1', async () => {
    const { code, out, messages } = await run({ API_KEYS, FIXTURE_MODE: 'crash' });
    expect(code).toBe(1);
    expect(out).toContain('"code":"a_bug"');
    expect(messages).toContain('database closed');
  });

  test('a start that fails closes what was opened and ends with 1', async () => {
    const { code, out, messages } = await run({ API_KEYS, FIXTURE_MODE: 'start-fails' });
    expect(code).toBe(1);
    expect(out).toContain('"code":"EADDRINUSE"');
    expect(messages).toContain('database closed');
    expect(messages).not.toContain('started');
  });
});
