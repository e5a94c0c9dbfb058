// Jest's environment for Node.js, which fails a test file that leaves something open: what stays open in a test would
// stay open in a service. Jest itself only notices at the end of a run, without a name, and only without workers.
// Plain JavaScript, since Jest loads its environments untransformed.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { OneRealmEnvironment } from './one-realm-environment.mjs';

const WATCHED = new Set([
  'Timeout',
  'Immediate',
  'TCPSocketWrap',
  'TCPServerWrap',
  'TLSWrap',
  'UDPWrap',
  'ProcessWrap',
]);
const LEFT_OPEN_AFTER_MS = 20_000;
const POLL_MS = 20;

function countOpen() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) {
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** @public Jest loads it by its path. */
export default class ClosingEnvironment extends OneRealmEnvironment {
  #before = new Map();
  #leftOpenAfterMs;

  constructor(config, context) {
    super(config, context);
    this.#leftOpenAfterMs = config.projectConfig.testEnvironmentOptions.leftOpenAfterMs ?? LEFT_OPEN_AFTER_MS;
  }

  async setup() {
    await super.setup();
    this.#before = countOpen();
  }

  async teardown() {
    await super.teardown();
    const deadline = Date.now() + this.#leftOpenAfterMs;
    for (let open = this.#leftOpen(); open.length > 0; open = this.#leftOpen()) {
      if (Date.now() > deadline) {
        throw new Error(
          `The file left something open: ${open.join(', ')}. Find it with npm test -- --detectOpenHandles path/to/file.test.ts`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  #leftOpen() {
    return [...countOpen()].flatMap(([kind, count]) => {
      const more = count - (this.#before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    });
  }
}
