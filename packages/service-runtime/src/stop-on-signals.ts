import type { Logger } from 'pino';

/** A terminal and a supervisor may both pass on one Ctrl-C: what follows sooner is the same signal. */
const SECOND_SIGNAL_AFTER_MS = 500;

/**
 * Stops the process once, for whatever reason comes first: SIGTERM, SIGINT, an error that nobody caught, or `fail`.
 *
 * @param options.stop closes everything; resolves to false when something stayed open
 * @param options.budgetMs the process ends after this long, also when `stop` hangs
 */
export function stopOnSignals(options: { logger: Logger; budgetMs: number; stop: () => Promise<boolean> }): {
  /** Logs the error as fatal, stops, and ends with exit code 1. */
  fail(error: unknown, message: string): void;
} {
  const { logger, budgetMs, stop } = options;
  let stoppingSince: number | undefined;
  let exitCode = 0;

  async function stopOnce(): Promise<void> {
    stoppingSince = performance.now();
    setTimeout(() => {
      logger.error({ code: 'stop_budget_exceeded', budget_ms: budgetMs }, 'not stopped in time; ending now');
      process.exit(1);
    }, budgetMs).unref();
    const closed = await stop().catch((error: unknown) => {
      logger.error({ err: error }, 'stopping failed');
      return false;
    });
    logger.info('stopped');
    process.exit(closed ? exitCode : 1);
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (stoppingSince === undefined) {
      logger.info({ signal }, 'stopping');
      void stopOnce();
    } else if (performance.now() - stoppingSince >= SECOND_SIGNAL_AFTER_MS) {
      logger.warn({ signal }, 'second signal; ending now');
      process.exit(1);
    }
  }

  function fail(error: unknown, message: string): void {
    exitCode = 1;
    logger.fatal({ err: error }, message);
    if (stoppingSince === undefined) void stopOnce();
  }

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => fail(error, 'an error that nobody caught'));
  process.on('unhandledRejection', (reason) => fail(reason, 'a rejection that nobody handled'));
  return { fail };
}
