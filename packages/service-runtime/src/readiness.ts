import { codeOf } from '@trackly-tune/domain';
import { withTimeLimit } from './time-limit.js';

/** Throws when what it looks at is away. */
export type ReadinessCheck = () => Promise<void>;
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

export interface ReadinessReport {
  readonly ready: boolean;
  /** `degraded`: it does its work, but something that it can do without is away. */
  readonly status: 'ready' | 'degraded' | 'not_ready';
  /** The names of what is away and can be done without. */
  readonly degraded: readonly string[];
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

export interface Readiness {
  check(): Promise<ReadinessReport>;
  /** From now on not ready: first of all when stopping, so that nobody sends new work. */
  turnOff(): void;
}

const CHECK_TIMEOUT_MS = 2_000;

async function runCheck(name: string, check: ReadinessCheck): Promise<CheckResult> {
  try {
    await withTimeLimit(name, CHECK_TIMEOUT_MS, check);
    return { name, ok: true, message: 'ok' };
  } catch (error) {
    // Only the code: an error's text may hold a connection string.
    return { name, ok: false, message: codeOf(error) ?? 'not reachable' };
  }
}

const STOPPING: ReadinessReport = {
  ready: false,
  status: 'not_ready',
  degraded: [],
  checks: [{ name: 'process', ok: false, message: 'stopping' }],
};

/**
 * Whether this process can do its work: every check of `needed` passes within 2 s, and it is not stopping. Answers asked
 * for at the same time share one run of the checks.
 *
 * @param options.helpful what it can do without: away, it is `degraded` and still ready
 * @param options.signal turns readiness off when it aborts; pass the `signal` of `runService`
 */
export function createReadiness(
  needed: ReadinessChecks,
  options: { helpful?: ReadinessChecks; signal?: AbortSignal } = {},
): Readiness {
  const { helpful = {}, signal } = options;
  let stopping = signal?.aborted ?? false;
  let running: Promise<ReadinessReport> | undefined;
  const turnOff = (): void => {
    stopping = true;
  };
  signal?.addEventListener('abort', turnOff, { once: true });

  async function runAll(): Promise<ReadinessReport> {
    const run = (checks: ReadinessChecks) =>
      Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check)));
    const [must, may] = await Promise.all([run(needed), run(helpful)]);
    const ready = must.every(({ ok }) => ok);
    const degraded = may.filter(({ ok }) => !ok).map(({ name }) => name);
    const status = !ready ? 'not_ready' : degraded.length > 0 ? 'degraded' : 'ready';
    return { ready, status, degraded, checks: [...must, ...may] };
  }
  return {
    async check() {
      if (!stopping) {
        running ??= runAll().finally(() => (running = undefined));
        const report = await running;
        if (!stopping) return report;
      }
      return STOPPING;
    },
    turnOff,
  };
}
