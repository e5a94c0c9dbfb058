import {
  CONFIG_EXIT_CODE,
  ConfigurationError,
  errorCode,
  parseEnvironment,
  scrubSecrets,
} from '@trackly-tune/service-runtime';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs a command of an operator and says on stderr why it failed, without secrets. Returns the exit code: 0, 1 for a
 * failure, 78 for an environment that cannot be used.
 *
 * @param options.failed how the sentence about a failure begins
 */
export async function runCommand<Shape extends z.ZodRawShape>(options: {
  env: Environment;
  config: z.ZodObject<Shape>;
  failed: string;
  run: (config: z.output<z.ZodObject<Shape>>) => Promise<void>;
}): Promise<number> {
  try {
    await options.run(parseEnvironment(options.config, options.env));
    return 0;
  } catch (error) {
    if (error instanceof ConfigurationError) {
      console.error(error.message);
      return CONFIG_EXIT_CODE;
    }
    const text = scrubSecrets(error instanceof Error ? error.message : String(error));
    console.error(`${options.failed} (${errorCode(error) ?? 'no code'}): ${text}`);
    return 1;
  }
}
