import { errorCode } from './describe-error.js';
import { withTimeLimit } from './time-limit.js';

/** Throws when what it looks at is away. */
export type ReadinessCheck = () => Promise<void>;
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly message: string }[];
}

export interface Readiness {
  check(): Promise<ReadinessReport>;
  /** From now on not ready: first of all when stopping, so that nobody sends new work. */
  turnOff(): void;
}

const CHECK_TIMEOUT_MS = 2_000;

async function runCheck(name: string, check: ReadinessCheck): Promise<ReadinessReport['checks'][number]> {
  try {
    await withTimeLimit(name, CHECK_TIMEOUT_MS, check);
    return { name, ok: true, message: 'ok' };
  } catch (error) {
    // Only the code: an error's text may hold a connection string.
    return { name, ok: false, message: errorCode(error) ?? 'not reachable' };
  }
}

/**
 * Whether this process can do its work: every check passes within 2 s, and it is not stopping. Answers asked for at
 * the same time share one run of the checks.
 *
 * @param signal turns readiness off when it aborts; pass the `signal` of `runService`
 */
export function createReadiness(checks: ReadinessChecks, signal?: AbortSignal): Readiness {
  let stopping = signal?.aborted ?? false;
  let running: Promise<ReadinessReport> | undefined;
  const turnOff = (): void => {
    stopping = true;
  };
  signal?.addEventListener('abort', turnOff, { once: true });

  async function runAll(): Promise<ReadinessReport> {
    const results = await Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check)));
    return { ready: results.every(({ ok }) => ok), checks: results };
  }
  return {
    async check() {
      if (!stopping) {
        running ??= runAll().finally(() => (running = undefined));
        const report = await running;
        if (!stopping) return report;
      }
      return { ready: false, checks: [{ name: 'process', ok: false, message: 'stopping' }] };
    },
    turnOff,
  };
}
