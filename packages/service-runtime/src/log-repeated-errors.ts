import { codeOf } from '@trackly-tune/domain';
import type { Logger } from 'pino';

export interface ErrorRun {
  failed(error: unknown): void;
  worked(): void;
}

/**
 * Keeps a failure that repeats from flooding the log: the first of each kind (by its code) is logged, then each tenth
 * power with the count, and one line when it works again.
 */
export function logRepeatedErrors(name: string, logger: Logger): ErrorRun {
  const counts = new Map<string, number>();
  return {
    failed(error) {
      const kind = codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (/^10*$/.test(String(count))) logger.warn({ loop: name, count, err: error }, `${name} failed; trying again`);
    },
    worked() {
      if (counts.size === 0) return;
      logger.info({ loop: name, failures: Object.fromEntries(counts) }, `${name} works again`);
      counts.clear();
    },
  };
}
