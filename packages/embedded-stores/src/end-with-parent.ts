import { spawn } from 'node:child_process';

/** Waits for a line or for the end of its input, which comes when the parent is gone, also after a SIGKILL. */
const SCRIPT = 'if read -r _; then exit 0; fi; kill -s "$1" "$2" 2>/dev/null';

/**
 * Sends `signal` to the process `pid` when this process is gone, however it ended. The watcher is in a group of its
 * own, so that Ctrl-C does not reach it. The returned function calls it off.
 */
export function endWithParent(pid: number, signal: 'SIGINT' | 'SIGTERM'): () => void {
  const args = ['-c', SCRIPT, 'sh', signal.slice('SIG'.length), String(pid)];
  const watcher = spawn('/bin/sh', args, { detached: true, cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void watcher.stdin.end('\n');
}
