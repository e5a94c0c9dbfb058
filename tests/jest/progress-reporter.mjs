// Tells which of how many test files have run: `[12/130] PASS tests/pipeline/pipeline.test.ts (8.1 s)`. A file that
// takes long is named while it runs; at the end stand the tests that were skipped. Jest's summary follows. A run that
// does not end after its last test fails: something was left open.
// Plain JavaScript, since Jest loads its reporters untransformed.
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval, setTimeout } from 'node:timers';

const LONG_MS = 60_000;
const LEFT_OPEN_AFTER_MS = 20_000;
const SIGNS = { passed: '✓', failed: '✕' };

/** @public Jest loads it by its path. */
export default class ProgressReporter {
  #root;
  #verbose;
  #endsByItself;
  #leftOpenAfterMs;
  #running = new Map();
  #skipped = [];
  #total = 0;
  #watch;

  constructor(globalConfig, { leftOpenAfterMs = LEFT_OPEN_AFTER_MS } = {}) {
    const { rootDir, verbose, watch, watchAll, detectOpenHandles } = globalConfig;
    this.#root = rootDir;
    this.#verbose = verbose === true;
    // While it watches, or looks for what is open itself, Jest stays as long as it likes.
    this.#endsByItself = !watch && !watchAll && !detectOpenHandles;
    this.#leftOpenAfterMs = leftOpenAfterMs;
  }

  onRunStart({ numTotalTestSuites }) {
    this.#total = numTotalTestSuites;
    this.#watch = setInterval(() => this.#nameLong(), LONG_MS).unref();
  }

  onTestFileStart({ path: file }) {
    this.#running.set(file, performance.now());
  }

  onTestFileResult({ path: file }, result, { numFailedTestSuites, numPassedTestSuites, numPendingTestSuites }) {
    this.#running.delete(file);
    const name = path.relative(this.#root, file);
    const done = numFailedTestSuites + numPassedTestSuites + numPendingTestSuites;
    const failed = result.numFailingTests > 0 || result.testExecError != null;
    const outcome = failed ? 'FAIL' : result.skipped || result.numPassingTests === 0 ? 'SKIP' : 'PASS';
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    this.#say(
      `[${String(done).padStart(String(this.#total).length)}/${this.#total}] ${outcome} ${name} (${seconds} s)`,
    );
    for (const { status, fullName, duration } of result.testResults) {
      if (status === 'pending') this.#skipped.push(`${name}: ${fullName}`);
      if (this.#verbose || this.#total === 1) {
        this.#say(`  ${SIGNS[status] ?? '○'} ${fullName}${duration == null ? '' : ` (${duration} ms)`}`);
      }
    }
    for (const { type, message } of result.console ?? []) this.#say(`  console.${type}: ${message}`);
    if (result.failureMessage) this.#say(result.failureMessage);
  }

  onRunComplete() {
    clearInterval(this.#watch);
    if (this.#skipped.length > 0) this.#say('\nSKIPPED, so nothing is known of it here:');
    for (const title of this.#skipped) this.#say(`  ${title}`);
    if (this.#endsByItself) setTimeout(() => this.#leave(), this.#leftOpenAfterMs).unref();
  }

  /** Comes to pass only when something else keeps the process alive. */
  #leave() {
    this.#say(
      'A test left something open (a timer, a connection, a process). To find it, give one file after another:',
    );
    this.#say('  npm test -- --detectOpenHandles path/to/file.test.ts');
    process.exit(1);
  }

  #nameLong() {
    for (const [file, since] of this.#running) {
      const seconds = Math.round((performance.now() - since) / 1000);
      if (seconds * 1000 >= LONG_MS)
        this.#say(`… ${path.relative(this.#root, file)} has been running for ${seconds} s`);
    }
  }

  #say(line) {
    process.stderr.write(`${line}\n`);
  }
}
