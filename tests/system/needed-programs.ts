import { test } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where programs of an administrator lie, which the PATH of other users leaves out. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a program is; null when this machine does not have it. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

/**
 * `test`, or `test.skip` with what is missing in the title, which the end of the run repeats: what a machine does not
 * have never makes the tests fail.
 *
 * @param names programs; each with how to install it on Debian
 */
export function testWith(names: Readonly<Record<string, string>>) {
  const missing = Object.keys(names).filter((name) => findProgram(name) === null);
  const reason = missing.map((name) => `${name} is not installed: ${names[name]}`).join('; ');
  return (title: string, body: () => Promise<void> | void, timeoutMs?: number): void =>
    missing.length === 0 ? test(title, body, timeoutMs) : test.skip(`${title} (${reason})`, body, timeoutMs);
}
