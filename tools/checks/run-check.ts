import { spawn } from 'node:child_process';
import type { Check } from './checks.js';

const checkTimeoutMs = 15 * 60_000;

export interface CheckResult {
  check: Check;
  passed: boolean;
  durationMs: number;
  output: string;
}

/** Runs one check to its end and keeps what it says. A check that does not end in 15 minutes has failed. */
export async function runCheck(root: string, check: Check): Promise<CheckResult> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, check.args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: checkTimeoutMs,
  });
  let output = '';
  const keep = (text: string): void => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const passed = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      keep(`${error.message}\n`);
      resolve(false);
    });
    child.once('close', (status, signal) => {
      if (signal !== null) keep(`ended by ${signal}\n`);
      resolve(status === 0);
    });
  });
  return { check, passed, durationMs: performance.now() - startedAt, output };
}
