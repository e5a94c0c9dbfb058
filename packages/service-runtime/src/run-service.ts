import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { createLogger, type Logger } from './logger.js';
import { createMetrics } from './metrics.js';
import { CONFIG_EXIT_CODE, ConfigurationError, parseEnvironment } from './parse-environment.js';
import { ResourceStack } from './resource-stack.js';
import { VERSION } from './version.js';
import { stopOnSignals } from './stop-on-signals.js';

export interface ServiceContext<Config> {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Register each resource in the line after the one that opens it. */
  readonly stack: ResourceStack;
  /** Aborts first of all when the process is to stop: for readiness, and for waits at start. */
  readonly signal: AbortSignal;
}

/** Time for work in hand after a signal to stop; what is left is handed back by leases and queues. */
const STOP_BUDGET_MS = 10_000;

function refuseConfiguration(name: string, error: ConfigurationError): never {
  process.stderr.write(`${name}: ${error.message}\n`);
  process.exit(CONFIG_EXIT_CODE);
}

/**
 * The process of a service: environment → config → start → signal → stop.
 * - An unusable environment: all problems on stderr, exit code 78, nothing started.
 * - SIGTERM, SIGINT: `signal` aborts, `stack` closes last opened first within the budget, exit code 0 (1 when
 *   something could not be closed in time). A second signal, 500 ms later or more: exit code 1 at once.
 * - An error that nobody caught, or a start that fails: logged as fatal with its code, everything closed, exit code 1.
 */
export async function runService<Shape extends z.ZodRawShape>(options: {
  name: string;
  config: z.ZodObject<Shape>;
  start: (context: ServiceContext<z.output<z.ZodObject<Shape>>>) => Promise<void>;
  stopBudgetMs?: number;
}): Promise<void> {
  const { name, start, stopBudgetMs = STOP_BUDGET_MS } = options;
  let config: z.output<z.ZodObject<Shape>>;
  try {
    config = parseEnvironment(options.config, process.env);
  } catch (error) {
    if (error instanceof ConfigurationError) refuseConfiguration(name, error);
    throw error;
  }
  const { LOG_LEVEL: level = 'info' } = config as { LOG_LEVEL?: string };
  const logger = createLogger({ service: name, level });
  let unclosed = 0;
  const stack = new ResourceStack((resource, error) => {
    unclosed += 1;
    logger.error({ err: error, resource }, `${resource} could not be closed`);
  });
  // Whoever started this process looks for this line, whatever LOG_LEVEL says.
  logger.child({}, { level: 'info' }).info(`service=${name} pid=${process.pid} version=${VERSION} starting`);
  const stopping = new AbortController();
  const ending = stopOnSignals({
    logger,
    budgetMs: stopBudgetMs,
    async stop() {
      stopping.abort();
      await stack.close(stopBudgetMs);
      return unclosed === 0;
    },
  });
  try {
    await start({ config, logger, metrics: createMetrics(name), stack, signal: stopping.signal });
    if (!stopping.signal.aborted) logger.info('started');
  } catch (error) {
    if (stopping.signal.aborted) return;
    if (error instanceof ConfigurationError) refuseConfiguration(name, error);
    ending.fail(error, 'could not start');
  }
}
