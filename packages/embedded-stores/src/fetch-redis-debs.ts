import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const APT_TIMEOUT_MS = 120_000;
/** The server, and the package whose dependencies are the server's libraries. */
const SERVERS = [
  ['redis-server', 'redis-tools'],
  ['valkey-server', 'valkey-tools'],
] as const;

/** Libraries that `name` needs and that are not installed; the C library is always there and never mixed. */
function missingLibraries(options: readonly string[], name: string): string[] {
  const { stdout } = spawnSync('apt-cache', [...options, 'depends', '--important', name], { encoding: 'utf8' });
  const names = [...(stdout ?? '').matchAll(/^ {2}Depends: ([a-z0-9.+-]+)$/gm)].map(([, found = '']) => found);
  return names.filter((dependency) => {
    if (!/^(lib|lua-)/.test(dependency) || dependency.startsWith('libc6')) return false;
    return spawnSync('dpkg-query', ['-W', '-f', '${Status}', dependency], { encoding: 'utf8' }).status !== 0;
  });
}

/**
 * Fetches the distribution's own packages of Redis (else Valkey) and unpacks them below `folder`/root, without
 * installing anything; apt checks their signatures. Does nothing where there is no apt. What came of it is for the
 * caller to try.
 */
export function fetchRedisDebs(folder: string): void {
  const downloads = path.join(folder, 'debs');
  mkdirSync(path.join(folder, 'lists/partial'), { recursive: true });
  mkdirSync(downloads);
  // As root, apt would hand the download to a user of its own who cannot write here.
  const asRoot = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-q', ...asRoot, ...args], { cwd: downloads, timeout: APT_TIMEOUT_MS, stdio: 'ignore' })
      .status === 0;
  const ownLists = ['-o', `Dir::State::Lists=${path.join(folder, 'lists')}`, '-o', `Dir::Cache=${folder}`];
  const fetch = (options: readonly string[]): boolean =>
    SERVERS.some(([server, tools]) => {
      if (!apt(...options, 'download', server, tools)) return false;
      for (const library of missingLibraries(options, tools)) apt(...options, 'download', library);
      return true;
    });
  // A slim image has no lists; a list of our own does not touch the system's.
  if (!fetch([]) && !(apt(...ownLists, 'update') && fetch(ownLists))) return;
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    spawnSync('dpkg-deb', ['-x', path.join(downloads, file), path.join(folder, 'root')], { stdio: 'ignore' });
  }
  for (const done of ['debs', 'lists', 'archives']) rmSync(path.join(folder, done), { recursive: true, force: true });
}
